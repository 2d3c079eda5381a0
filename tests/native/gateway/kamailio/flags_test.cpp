// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/flags.hpp"

#include <gmock/gmock.h>

#include "gateway/example.hpp"
#include "gateway/kamailio/fake_kamailio.hpp"
#include "gateway/state/data_folder.hpp"
#include "gateway/state/snapshot_files.hpp"

namespace neolia::gateway::kamailio {
namespace {

class FlagsTest : public testing::Test {
 protected:
  std::string flag(const std::string& name) { return kamailio_.tables["sys"][name]; }

  Folder folder_;
  model::Result<state::DataFolder> data_ = state::DataFolder::open(folder_.path());
  FakeKamailio kamailio_{[this] {
    EXPECT_TRUE(state::SnapshotFiles::open(*data_));
    return data_->sip_file();
  }()};
  Flags flags_{kamailio_};
};

TEST_F(FlagsTest, NothingIsSaidBeforeItIsKnown) {
  flags_.keep();
  EXPECT_TRUE(kamailio_.commands.empty());
}

TEST_F(FlagsTest, AreWrittenWhenTheyDiffer) {
  flags_.want("voicemail", true);
  flags_.want("rtpengine", false);
  flags_.keep();
  EXPECT_EQ(flag("voicemail"), "up");
  EXPECT_EQ(flag("rtpengine"), "down");
  kamailio_.commands.clear();
  flags_.keep();
  EXPECT_THAT(kamailio_.commands, testing::Each(testing::StartsWith("htable.get")));
}

TEST_F(FlagsTest, AreWrittenAgainWhenKamailioHasLostThem) {
  flags_.want("voicemail", true);
  flags_.keep();
  kamailio_.restart();
  flags_.keep();
  EXPECT_EQ(flag("voicemail"), "up");
}

TEST_F(FlagsTest, WaitForAKamailioThatIsAway) {
  kamailio_.away = true;
  flags_.want("voicemail", true);
  flags_.keep();
  kamailio_.away = false;
  flags_.keep();
  EXPECT_EQ(flag("voicemail"), "up");
}

}  // namespace
}  // namespace neolia::gateway::kamailio

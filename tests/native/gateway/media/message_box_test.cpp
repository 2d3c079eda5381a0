// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/message_box.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "gateway/example.hpp"

namespace neolia::gateway::media {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class MessageBoxTest : public testing::Test {
 protected:
  MessageBoxTest() { EXPECT_TRUE(box_.open()); }

  state::Messages rows() const { return state::Messages::open(folder_.file("gateway.sqlite")).value(); }

  MessageBox make_box() {
    return {rows(), folder_.file("messages"), {std::chrono::days(30), 250}, [this](const state::Message& message) {
              announced_.push_back(message.message_id);
              return can_announce_;
            }};
  }

  /// A message of 100 bytes.
  void add(const std::string& id, const std::string& at = "2026-11-28T08:00:00Z") {
    const Recording recording{box_.path_of(id) + ".m4a", "audio/mp4", 3, false};
    std::ofstream(recording.file) << std::string(100, 'x');
    EXPECT_TRUE(box_.add({id, "call", at, example::unit_id(1), "{}", 3, false, "audio/mp4", 0}, recording));
  }

  std::vector<std::string> listed() const {
    std::vector<std::string> ids;
    const auto messages = rows().list().value();
    for (const auto& message : messages) ids.push_back(message.message_id);
    return ids;
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.file("messages"))) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }

  Folder folder_;
  bool can_announce_ = true;
  std::vector<std::string> announced_;
  MessageBox box_ = make_box();
  MessageBox::Moment now_{
      std::chrono::system_clock::time_point(std::chrono::seconds(1795852800)),  // 2026-11-28T08:00:00Z
      {}};
};

TEST_F(MessageBoxTest, KeepsWhatItIsGiven) {
  add("M1");
  EXPECT_THAT(listed(), ElementsAre("M1"));
  EXPECT_EQ(rows().find("M1").value()->size, 100);
  EXPECT_EQ(box_.figures().messages, 1);
  EXPECT_EQ(box_.figures().bytes, 100);
  struct stat status {};
  ASSERT_EQ(::stat(folder_.file("messages/M1.m4a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(MessageBoxTest, TheOldestGoWhenItIsFull) {
  for (const char* id : {"M1", "M2", "M3"}) add(id);
  box_.tidy(now_);
  EXPECT_THAT(listed(), ElementsAre("M3", "M2"));
  EXPECT_THAT(files(), ElementsAre("M2.m4a", "M3.m4a"));
}

TEST_F(MessageBoxTest, WhatIsTooOldGoes) {
  add("M1", "2026-10-28T07:59:59Z");
  add("M2", "2026-10-29T08:00:01Z");
  box_.tidy(now_);
  now_.steady += std::chrono::hours(1);
  box_.tidy(now_);
  EXPECT_THAT(listed(), ElementsAre("M2"));
}

TEST_F(MessageBoxTest, AClockThatIsSetWrongAndThenRightCostsNoMessage) {
  add("M1", "2026-11-01T08:00:00Z");
  for (int year = 0; year < 3; ++year) {
    now_.wall += std::chrono::days(365);
    box_.tidy(now_);
    now_.steady += std::chrono::minutes(59);
    box_.tidy(now_);
    now_.wall -= std::chrono::days(365);
    box_.tidy(now_);
  }
  EXPECT_THAT(listed(), ElementsAre("M1"));
}

TEST_F(MessageBoxTest, AnnouncesEachOnceAndTriesAgain) {
  can_announce_ = false;
  add("M1");
  add("M2");
  box_.tidy(now_);
  EXPECT_THAT(announced_, ElementsAre("M1"));
  can_announce_ = true;
  box_.tidy(now_);
  box_.tidy(now_);
  EXPECT_THAT(announced_, ElementsAre("M1", "M1", "M2"));
}

TEST_F(MessageBoxTest, BringsRowsAndFilesTogetherAgain) {
  add("M1");
  add("M2");
  fs::remove(folder_.file("messages/M1.m4a"));
  std::ofstream(folder_.file("messages/M3.audio.mkv")) << "unfinished";
  auto again = make_box();
  EXPECT_TRUE(again.open());
  EXPECT_THAT(listed(), ElementsAre("M2"));
  EXPECT_THAT(files(), ElementsAre("M2.m4a"));
}

TEST_F(MessageBoxTest, AFileThatIsNotThereMakesNoRow) {
  EXPECT_FALSE(box_.add({"M1", "call", "2026", "unit", "{}", 3, false, "audio/mp4", 0},
                        {box_.path_of("M1") + ".m4a", "audio/mp4", 3, false}));
  EXPECT_THAT(listed(), IsEmpty());
}

}  // namespace
}  // namespace neolia::gateway::media

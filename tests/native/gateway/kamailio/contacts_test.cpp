// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/contacts.hpp"

#include <gmock/gmock.h>

#include "gateway/example.hpp"
#include "gateway/kamailio/fake_kamailio.hpp"
#include "gateway/state/data_folder.hpp"
#include "gateway/state/snapshot_files.hpp"

namespace neolia::gateway::kamailio {
namespace {

class ContactsTest : public testing::Test {
 protected:
  Folder folder_;
  model::Result<state::DataFolder> data_ = state::DataFolder::open(folder_.path());
  FakeKamailio kamailio_{[this] {
    EXPECT_TRUE(state::SnapshotFiles::open(*data_));
    return data_->sip_file();
  }()};
};

TEST_F(ContactsTest, AreListed) {
  kamailio_.contacts["anna"] = 2;
  const auto contacts = look_up_contacts(kamailio_, "anna").value();
  ASSERT_EQ(contacts.size(), 2U);
  EXPECT_EQ(contacts[0].username, "anna");
  EXPECT_EQ(contacts[0].contact, "sip:x@192.0.2.1");
  EXPECT_EQ(contacts[0].user_agent, "phone");
  EXPECT_THAT(contacts[0].expires_at, testing::MatchesRegex("20..-..-..T..:..:..Z"));
}

TEST_F(ContactsTest, NobodyIsNoError) {
  EXPECT_TRUE(look_up_contacts(kamailio_, "nobody").value().empty());
  EXPECT_TRUE(drop_contacts(kamailio_, "nobody"));
}

TEST_F(ContactsTest, AreGoneWhenDropped) {
  kamailio_.contacts["anna"] = 2;
  EXPECT_TRUE(drop_contacts(kamailio_, "anna"));
  EXPECT_TRUE(kamailio_.contacts.empty());
}

TEST_F(ContactsTest, ThatComeBackAreReported) {
  kamailio_.contacts["anna"] = 1;
  kamailio_.breaks = [this](const std::string& command) {
    if (command.starts_with("ul.lookup")) kamailio_.contacts["anna"] = 1;
    return false;
  };
  EXPECT_FALSE(drop_contacts(kamailio_, "anna"));
}

TEST_F(ContactsTest, OneGoesByItsRuid) {
  kamailio_.devices["anna"] = {{"d1", "sip:anna@192.0.2.1"}, {"d2", "sip:anna@192.0.2.2"}};
  EXPECT_TRUE(drop_contact(kamailio_, "anna", "d1"));
  EXPECT_THAT(kamailio_.devices["anna"], testing::ElementsAre(testing::Key("d2")));
  EXPECT_TRUE(drop_contact(kamailio_, "anna", "d1"));
  EXPECT_TRUE(drop_contact(kamailio_, "nobody", "d1"));
}

TEST_F(ContactsTest, AwayIsAway) {
  kamailio_.away = true;
  EXPECT_EQ(look_up_contacts(kamailio_, "anna").error().kind, RpcError::Kind::away);
  EXPECT_EQ(drop_contacts(kamailio_, "anna").error().kind, RpcError::Kind::away);
}

}  // namespace
}  // namespace neolia::gateway::kamailio

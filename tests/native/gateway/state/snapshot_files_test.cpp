// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/snapshot_files.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "gateway/example.hpp"
#include "gateway/state/data_folder.hpp"

namespace neolia::gateway::state {
namespace {

using Form = Acceptance::Form;
using testing::ElementsAre;
using testing::IsEmpty;

rules::Subscriber subscriber(const std::string& username, const std::string& ha1) {
  rules::Subscriber row;
  row.username = username;
  row.realm = "home.example";
  row.credentials = {ha1, ha1 + "-256"};
  row.account_key = 3;
  row.kind = model::AccountKind::mobile;
  row.site_key = 1;
  return row;
}

rules::TablesChange put(const std::string& username, const std::string& ha1) {
  rules::TablesChange change;
  change.put.subscribers[username] = subscriber(username, ha1);
  change.put.dial["s1:" + username] = "a 3 m 0 0 1 " + username;
  change.put.rules["s1"] = "d[ubs]:*~9~r,30,s,*";
  change.put.targets["u2"] = username;
  return change;
}

class SnapshotFilesTest : public testing::Test {
 protected:
  SnapshotFiles open() {
    auto files = SnapshotFiles::open(*data_);
    if (!files) throw std::runtime_error(files.error().message);
    return std::move(*files);
  }
  static void store(SnapshotFiles& files, Form form, std::string_view text, const rules::TablesChange& change = {}) {
    const auto stored = files.store({form, 5, text, {}, change, {{"revision", "5"}}});
    ASSERT_TRUE(stored) << stored.error().message;
    EXPECT_EQ(stored->behind, "");
  }

  Folder folder_;
  model::Result<DataFolder> data_ = DataFolder::open(folder_.path());
};

TEST_F(SnapshotFilesTest, WhatIsStoredIsReadAgain) {
  {
    auto files = open();
    const KeyList keys{{example::site_id(), 1}, {example::unit_id(1), 2}};
    ASSERT_TRUE(files.store({Form::whole, 5, "whole", keys, put("anna", "h1"), {{"revision", "5"}}}));
    store(files, Form::changes, "changes 1");
    store(files, Form::changes, "changes 2");
    store(files, Form::none, "");
  }
  auto files = open();
  EXPECT_THAT(files.read_snapshot().value(), ElementsAre("whole", "changes 1", "changes 2"));
  EXPECT_THAT(files.read_keys().value(),
              ElementsAre(testing::Pair(example::site_id(), 1), testing::Pair(example::unit_id(1), 2)));
  EXPECT_EQ(files.read_tables().value(), put("anna", "h1").put);
  EXPECT_THAT(files.read_sys().value(), ElementsAre(testing::Pair("revision", "5")));
}

TEST_F(SnapshotFilesTest, AWholeReplacesAll) {
  auto files = open();
  store(files, Form::whole, "old");
  store(files, Form::changes, "changes");
  store(files, Form::whole, "new");
  EXPECT_THAT(files.read_snapshot().value(), ElementsAre("new"));
}

TEST_F(SnapshotFilesTest, ContactsAreToBeDroppedWhenCredentialsGoOrChange) {
  auto files = open();
  auto change = put("kept", "h1");
  for (const char* username : {"rekeyed", "removed"}) change.put.subscribers[username] = subscriber(username, "h1");
  store(files, Form::whole, "1", change);
  EXPECT_THAT(files.contacts_to_drop().value(), IsEmpty());

  change = put("kept", "h1");
  change.put.subscribers["kept"].unit_key = 77;
  change.put.subscribers["rekeyed"] = subscriber("rekeyed", "h2");
  change.put.subscribers["fresh"] = subscriber("fresh", "h1");
  change.removed.subscribers = {"removed", "never-there"};
  store(files, Form::changes, "2", change);
  EXPECT_THAT(files.contacts_to_drop().value(), ElementsAre("rekeyed", "removed"));
  ASSERT_TRUE(files.contacts_dropped({"removed"}));
  EXPECT_THAT(files.contacts_to_drop().value(), ElementsAre("rekeyed"));
}

TEST_F(SnapshotFilesTest, AFailureChangesNothing) {
  auto files = open();
  store(files, Form::whole, "good", put("anna", "h1"));
  // Whoever holds gateway.sqlite stands for a disk that is full when it is its turn.
  SQLite::Database other(data_->gateway_file(), SQLite::OPEN_READWRITE);
  other.exec("CREATE TRIGGER full BEFORE INSERT ON snapshot BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
  const auto stored =
      files.store({Form::whole, 6, "bad", {{example::site_id(), 1}}, put("bert", "h2"), {{"revision", "6"}}});
  ASSERT_FALSE(stored);
  EXPECT_THAT(stored.error().message, testing::HasSubstr("disk is full"));
  other.exec("DROP TRIGGER full");
  EXPECT_THAT(files.read_snapshot().value(), ElementsAre("good"));
  EXPECT_EQ(files.read_tables().value(), put("anna", "h1").put);
  EXPECT_THAT(files.read_keys().value(), IsEmpty());
  store(files, Form::whole, "next", put("bert", "h2"));
}

TEST_F(SnapshotFilesTest, ARefusalAtTheLastMomentChangesNothing) {
  auto files = open();
  store(files, Form::whole, "good", put("anna", "h1"));
  const auto stored = files.store({Form::whole, 6, "bad", {}, put("bert", "h2"), {{"revision", "6"}}}, [] {
    return model::Result<void>(tl::unexpected(model::Error{model::ErrorCode::invalid, "does not fit", {}}));
  });
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().message, "does not fit");
  EXPECT_THAT(files.read_snapshot().value(), ElementsAre("good"));
  EXPECT_EQ(files.read_tables().value(), put("anna", "h1").put);
}

TEST_F(SnapshotFilesTest, AnEarlierSipFileIsMadeAgainInItsPlace) {
  { open(); }
  SQLite::Database kamailio(data_->sip_file(), SQLite::OPEN_READWRITE);
  kamailio.exec("DROP VIEW credentials; DROP TABLE session; PRAGMA user_version = 1");
  kamailio.exec("INSERT INTO sys (key_name, key_value) VALUES ('last_key', '77'), ('revision', '5')");
  auto files = open();
  EXPECT_THAT(files.read_sys().value(), ElementsAre(testing::Pair("last_key", "77")));
  EXPECT_EQ(kamailio.execAndGet("SELECT count(*) FROM credentials").getInt(), 0);
}

TEST_F(SnapshotFilesTest, AnEarlierGatewayFileKeepsWhatItHolds) {
  {
    auto files = open();
    store(files, Form::whole, "whole");
  }
  SQLite::Database(data_->gateway_file(), SQLite::OPEN_READWRITE)
      .exec("DROP TABLE presence; DROP TABLE device; DROP TABLE call; DROP TABLE message; PRAGMA user_version = 1");
  auto files = open();
  EXPECT_THAT(files.read_snapshot().value(), ElementsAre("whole"));
  SQLite::Database database(data_->gateway_file(), SQLite::OPEN_READONLY);
  EXPECT_EQ(database.execAndGet("SELECT count(*) FROM presence, device, call, message").getInt(), 0);
}

TEST_F(SnapshotFilesTest, ANewerFileIsRefused) {
  { open(); }
  SQLite::Database(data_->gateway_file(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
  const auto files = SnapshotFiles::open(*data_);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, model::ErrorCode::too_new);
}

}  // namespace
}  // namespace neolia::gateway::state

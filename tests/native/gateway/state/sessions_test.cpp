// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/sessions.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include "gateway/example.hpp"
#include "gateway/state/data_folder.hpp"
#include "gateway/state/snapshot_files.hpp"

namespace neolia::gateway::state {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kRealm = "home.example";

class SessionsTest : public testing::Test {
 protected:
  SessionsTest() { store("anna", "h1"); }

  rules::TablesChange account(const std::string& username, const std::string& ha1) {
    rules::TablesChange change;
    auto& row = change.put.subscribers[username];
    row.username = username;
    row.realm = kRealm;
    row.credentials = {ha1, ha1 + "-256"};
    row.kind = model::AccountKind::panel;
    row.account_key = 3;
    row.site_key = 1;
    return change;
  }
  void store(const rules::TablesChange& change) {
    ASSERT_TRUE(files_->store({Acceptance::Form::none, 1, "", {}, change, {}}));
  }
  void store(const std::string& username, const std::string& ha1) { store(account(username, ha1)); }

  NewSession create(std::int64_t seconds = 60, bool test = false) {
    const auto session = sessions_.create("anna", kRealm, seconds, test);
    EXPECT_TRUE(session) << session.error().message;
    return session.value_or(NewSession());
  }
  /// ha1, account, test, account_key of the view that Kamailio authenticates by
  std::vector<std::string> credentials(const std::string& username) {
    SQLite::Database database(data_->sip_file(), SQLite::OPEN_READONLY);
    SQLite::Statement query(database,
                            "SELECT ha1, ha1_sha256, account, test, account_key FROM credentials WHERE username = ?");
    query.bind(1, username);
    std::vector<std::string> columns;
    while (query.executeStep()) {
      for (int i = 0; i < 5; ++i) columns.push_back(query.getColumn(i).getString());
    }
    return columns;
  }

  Folder folder_;
  model::Result<DataFolder> data_ = DataFolder::open(folder_.path());
  model::Result<SnapshotFiles> files_ = SnapshotFiles::open(*data_);
  Sessions sessions_{data_->sip_file()};
};

TEST_F(SessionsTest, KamailioTakesItForItsAccount) {
  const auto session = create();
  EXPECT_TRUE(session.username.starts_with("session+"));
  EXPECT_TRUE(model::is_id(session_id_of(session.username)));
  EXPECT_EQ(session_username_of(session_id_of(session.username)), session.username);
  const auto expected = model::make_credentials(session.username, kRealm, session.password);
  EXPECT_THAT(credentials(session.username),
              testing::ElementsAre(expected.ha1_md5, expected.ha1_sha256, "anna", "0", "3"));
  EXPECT_EQ(credentials(create(60, true).username).at(3), "1");
}

TEST_F(SessionsTest, NothingStoredOpensIt) {
  const auto session = create();
  SQLite::Database database(data_->sip_file(), SQLite::OPEN_READONLY);
  SQLite::Statement query(database, "SELECT username || ha1 || ha1_sha256 || account FROM session");
  query.executeStep();
  const auto stored = query.getColumn(0).getString();
  EXPECT_THAT(stored, testing::Not(testing::HasSubstr(session.password)));
  EXPECT_THAT(stored, testing::Not(testing::HasSubstr(session.token)));
}

TEST_F(SessionsTest, OnlyItsTokenFindsIt) {
  const auto session = create();
  create();
  EXPECT_EQ(sessions_.find_by_token(session.token).value(), static_cast<const Session&>(session));
  auto other = session.token;
  other.back() = other.back() == '0' ? '1' : '0';
  for (const auto& wrong : {other, session.token + "0", session.token.substr(0, 26), std::string(), std::string(".")}) {
    EXPECT_EQ(sessions_.find_by_token(wrong).value(), std::nullopt) << wrong;
  }
}

TEST_F(SessionsTest, ExpiredIsAsIfItNeverWas) {
  const auto session = create(0);
  EXPECT_THAT(credentials(session.username), IsEmpty());
  EXPECT_THAT(sessions_.list().value(), IsEmpty());
  EXPECT_EQ(sessions_.find_by_token(session.token).value(), std::nullopt);
  EXPECT_EQ(sessions_.renew(session.username, 60).error().code, model::ErrorCode::not_found);
  ASSERT_TRUE(sessions_.expire());
  EXPECT_EQ(sessions_.remove(session.username).error().code, model::ErrorCode::not_found);
}

TEST_F(SessionsTest, RenewedLivesLonger) {
  const auto session = create(60);
  const auto renewed = sessions_.renew(session.username, 600);
  ASSERT_TRUE(renewed);
  EXPECT_GE(renewed->expires, session.expires + 540);
  EXPECT_EQ(sessions_.list("anna").value(), std::vector{*renewed});
}

TEST_F(SessionsTest, RemovedIsGone) {
  const auto session = create();
  const auto kept = create();
  ASSERT_TRUE(sessions_.remove(session.username));
  EXPECT_THAT(credentials(session.username), IsEmpty());
  EXPECT_THAT(sessions_.list().value(), testing::ElementsAre(static_cast<const Session&>(kept)));
}

TEST_F(SessionsTest, AnAccountHasEight) {
  for (int i = 0; i < Sessions::kMaxOfAccount; ++i) create();
  EXPECT_EQ(sessions_.create("anna", kRealm, 60, false).error().code, model::ErrorCode::conflict);
  EXPECT_TRUE(sessions_.create("anna", kRealm, 60, true));
}

TEST_F(SessionsTest, AnAccountThatIsNotThereHasNone) {
  EXPECT_EQ(sessions_.create("bert", kRealm, 60, false).error().code, model::ErrorCode::not_found);
}

TEST_F(SessionsTest, GoesWithItsAccount) {
  store("bert", "h1");
  const auto kept = sessions_.create("bert", kRealm, 60, false);
  create();
  store("anna", "h2");
  EXPECT_THAT(sessions_.list("anna").value(), IsEmpty());
  create();
  rules::TablesChange change;
  change.removed.subscribers = {"anna"};
  store(change);
  EXPECT_THAT(sessions_.list().value(), testing::ElementsAre(static_cast<const Session&>(*kept)));
}

TEST_F(SessionsTest, StaysWhenItsAccountMoves) {
  create();
  auto change = account("anna", "h1");
  change.put.subscribers["anna"].unit_key = 77;
  store(change);
  EXPECT_THAT(sessions_.list("anna").value(), SizeIs(1));
}

}  // namespace
}  // namespace neolia::gateway::state

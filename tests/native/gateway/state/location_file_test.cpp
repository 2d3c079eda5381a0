// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/location_file.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include "gateway/example.hpp"
#include "gateway/state/data_folder.hpp"

namespace neolia::gateway::state {
namespace {

class LocationFileTest : public testing::Test {
 protected:
  void insert(const std::string& username, const std::string& expires) {
    SQLite::Database database(data_->location_file(), SQLite::OPEN_READWRITE);
    database.exec(
        "INSERT INTO location (ruid, username, contact, expires, callid, last_modified, user_agent) VALUES ('" +
        username + "', '" + username + "', 'sip:" + username + "@192.0.2.1', " + expires + ", 'c', 0, 'phone')");
  }

  Folder folder_;
  model::Result<DataFolder> data_ = DataFolder::open(folder_.path());
  LocationFile file_{data_->location_file()};
};

TEST_F(LocationFileTest, ReadsBothFormsOfTimeAndLeavesOutWhatIsOver) {
  insert("real", "julianday('2999-01-02 03:04:05')");  // Kamailio 5.6
  insert("text", "'2999-01-02 03:04:05'");
  insert("over", "julianday('2000-01-01')");
  const auto registrations = file_.read(10).value();
  ASSERT_EQ(registrations.size(), 2U);
  EXPECT_EQ(registrations[0], (Registration{"real", "sip:real@192.0.2.1", "phone", "2999-01-02T03:04:05Z"}));
  EXPECT_EQ(registrations[1].expires_at, "2999-01-02T03:04:05Z");
  EXPECT_THAT(file_.usernames().value(), testing::UnorderedElementsAre("real", "text", "over"));
}

TEST_F(LocationFileTest, ListsNoMoreThanAsked) {
  for (int i = 0; i < 5; ++i) insert("user-" + std::to_string(i), "julianday('2999-01-01')");
  EXPECT_EQ(file_.read(3).value().size(), 3U);
}

TEST(LocationFile, MissingIsAnError) { EXPECT_FALSE(LocationFile("/nonexistent/location.sqlite").read(1)); }

}  // namespace
}  // namespace neolia::gateway::state

// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/event_log.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "gateway/example.hpp"
#include "gateway/state/data_folder.hpp"
#include "gateway/state/outbox.hpp"
#include "model/id.hpp"

namespace neolia::gateway::state {
namespace {

std::vector<std::int64_t> numbers(const std::vector<LoggedEvent>& events) {
  std::vector<std::int64_t> list;
  for (const auto& event : events) list.push_back(event.number);
  return list;
}

class EventLogTest : public testing::Test {
 protected:
  EventLog open(std::int64_t max_rows = 1000) {
    auto log = EventLog::open(folder_.file("gateway.sqlite"), max_rows);
    if (!log) throw std::runtime_error(log.error().message);
    return std::move(*log);
  }

  Folder folder_;
};

TEST_F(EventLogTest, NumbersAreUnbrokenAcrossRestarts) {
  std::string stream;
  {
    auto log = open();
    stream = log.stream();
    EXPECT_TRUE(model::is_id(stream));
    EXPECT_EQ(numbers(log.append({"a", "b"}, {1, 2}).value()), (std::vector<std::int64_t>{1, 2}));
    EXPECT_EQ(log.append({}, {1, 3}).value().size(), 0U);
  }
  auto log = open();
  EXPECT_EQ(log.stream(), stream);
  EXPECT_EQ(log.last(), 2);
  EXPECT_EQ(log.cursor(), (OutboxCursor{1, 3}));
  EXPECT_EQ(numbers(log.append({"c"}, {1, 4}).value()), std::vector<std::int64_t>{3});
  EXPECT_EQ(numbers(log.read(1, 10).value()), (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(numbers(log.read(0, 2).value()), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(numbers(log.read(3, 2).value()), std::vector<std::int64_t>{});
}

TEST_F(EventLogTest, AFailureNumbersNothing) {
  auto log = open();
  SQLite::Database other(folder_.file("gateway.sqlite"), SQLite::OPEN_READWRITE);
  other.exec("CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
  EXPECT_FALSE(log.append({"a"}, {1, 1}));
  EXPECT_EQ(log.last(), 0);
  EXPECT_EQ(log.cursor(), OutboxCursor());
  other.exec("DROP TRIGGER full");
  EXPECT_EQ(numbers(log.append({"a"}, {1, 1}).value()), std::vector<std::int64_t>{1});
}

TEST_F(EventLogTest, KeepsTheNewest) {
  auto log = open(100);
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(log.append(std::vector<std::string>(10, "e"), {1, i}));
  const auto kept = log.read(0, 1000).value();
  EXPECT_EQ(kept.size(), 100U);
  EXPECT_EQ(kept.front().number, 201);
  EXPECT_EQ(log.last(), 300);
}

TEST_F(EventLogTest, ANewFileIsANewStream) {
  const auto first = open().stream();
  std::filesystem::remove(folder_.file("gateway.sqlite"));
  EXPECT_NE(open().stream(), first);
}

class OutboxTest : public testing::Test {
 protected:
  void insert(const std::string& event) {
    SQLite::Database database(data_->events_file(), SQLite::OPEN_READWRITE);
    SQLite::Statement statement(database, "INSERT INTO outbox (event) VALUES (?)");
    statement.bind(1, event);
    statement.exec();
  }

  void expect_to_begin_again(OutboxCursor old) {
    ASSERT_TRUE(repair_events_file(*data_));
    insert("new");
    const auto fresh = outbox_.read(old, 10).value();
    ASSERT_EQ(fresh.rows.size(), 1U);
    EXPECT_EQ(fresh.rows[0].event, "new");
    EXPECT_NE(fresh.cursor.file, old.file);
  }

  Folder folder_;
  model::Result<DataFolder> data_ = DataFolder::open(folder_.path());
  Outbox outbox_{data_->events_file()};
};

TEST_F(OutboxTest, GivesRowsAfterTheCursor) {
  insert("one");
  insert("two");
  insert("three");
  const auto first = outbox_.read({}, 2).value();
  ASSERT_EQ(first.rows.size(), 2U);
  EXPECT_EQ(first.rows[1].event, "two");
  EXPECT_EQ(first.cursor.id, 2);
  const auto second = outbox_.read(first.cursor, 2).value();
  ASSERT_EQ(second.rows.size(), 1U);
  EXPECT_EQ(second.rows[0].event, "three");
  EXPECT_TRUE(outbox_.read(second.cursor, 2).value().rows.empty());
}

TEST_F(OutboxTest, BeginsAgainInANewFile) {
  insert("old");
  const auto old = outbox_.read({}, 10).value();
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(data_->events_file() + suffix);
  EXPECT_FALSE(outbox_.read(old.cursor, 10));
  expect_to_begin_again(old.cursor);
}

TEST_F(OutboxTest, BeginsAgainWhenItWasDamaged) {
  insert("old");
  const auto old = outbox_.read({}, 10).value();
  std::ofstream(data_->events_file(), std::ios::binary | std::ios::in) << std::string(4096, 'x');
  expect_to_begin_again(old.cursor);
}

TEST_F(OutboxTest, HugeRowsComeCut) {
  insert(std::string(1 << 20, 'x'));
  EXPECT_LT(outbox_.read({}, 1).value().rows[0].event.size(), 30000U);
}

}  // namespace
}  // namespace neolia::gateway::state

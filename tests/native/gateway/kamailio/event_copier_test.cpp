// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/event_copier.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "gateway/example.hpp"
#include "gateway/kamailio/fake_kamailio.hpp"
#include "gateway/state/snapshot_files.hpp"

namespace neolia::gateway::kamailio {
namespace {

using testing::ElementsAre;

class EventCopierTest : public testing::Test {
 protected:
  EventCopierTest() { EXPECT_TRUE(state::SnapshotFiles::open(*data_)); }

  void insert(const std::string& event) {
    SQLite::Database database(data_->events_file(), SQLite::OPEN_READWRITE, 1000);
    SQLite::Statement statement(database, "INSERT INTO outbox (event) VALUES (?)");
    statement.bind(1, event);
    statement.exec();
  }
  void insert_good() { insert(R"({"type": "ended", "call": "c", "at": 0, "caller": 1, "unit": 0, "account": 0})"); }

  std::string acknowledgement(std::int64_t id) {
    const SQLite::Database database(data_->events_file(), SQLite::OPEN_READONLY);
    SQLite::Statement file(database, "PRAGMA application_id");
    file.executeStep();
    return "htable.sets sys acked " + file.getColumn(0).getString() + "/" + std::to_string(id);
  }

  std::vector<std::int64_t> published() {
    const std::scoped_lock lock(mutex_);
    return published_;
  }

  Folder folder_;
  model::Result<state::DataFolder> data_ = state::DataFolder::open(folder_.path());
  state::Outbox outbox_{data_->events_file()};
  state::EventLog log_ = std::move(state::EventLog::open(data_->gateway_file(), 1000).value());
  state::Accepted accepted_{state::Keys({}, 0)};
  state::Presence presence_{{}, {}};
  Calls calls_;
  FakeKamailio kamailio_{[this] {
    EXPECT_TRUE(state::SnapshotFiles::open(*data_));
    return data_->sip_file();
  }()};
  FileWatch watch_{folder_.path(), "events.sqlite-wal"};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::int64_t> published_;
  EventCopier copier_{
      {outbox_, log_, accepted_, presence_, calls_, *data_, kamailio_, watch_, [this](const auto& events) {
         const std::scoped_lock lock(mutex_);
         for (const auto& event : events) published_.push_back(event.number);
         changed_.notify_all();
       }}};
};

TEST_F(EventCopierTest, CopiesEachOnce) {
  insert_good();
  insert_good();
  EXPECT_TRUE(copier_.copy());
  EXPECT_FALSE(copier_.copy());
  insert_good();
  EXPECT_TRUE(copier_.copy());
  EXPECT_THAT(published(), ElementsAre(1, 2, 3));
}

TEST_F(EventCopierTest, MalformedRowsDoNotStopTheOthers) {
  insert_good();
  insert("{\"type\": \"answered\"}");
  insert("not json");
  insert_good();
  EXPECT_TRUE(copier_.copy());
  EXPECT_FALSE(copier_.copy());
  EXPECT_THAT(published(), ElementsAre(1, 2));
  EXPECT_EQ(log_.cursor().id, 4);
}

TEST_F(EventCopierTest, NothingIsPublishedThatIsNotOnDisk) {
  insert_good();
  SQLite::Database other(data_->gateway_file(), SQLite::OPEN_READWRITE);
  other.exec("CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
  EXPECT_FALSE(copier_.copy());
  EXPECT_THAT(published(), ElementsAre());
  other.exec("DROP TRIGGER full");
  EXPECT_TRUE(copier_.copy());
  EXPECT_THAT(published(), ElementsAre(1));
}

TEST_F(EventCopierTest, ARemovedOutboxIsMadeAgain) {
  insert_good();
  EXPECT_TRUE(copier_.copy());
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(data_->events_file() + suffix);
  EXPECT_FALSE(copier_.copy());
  insert_good();
  EXPECT_TRUE(copier_.copy());
  EXPECT_THAT(published(), ElementsAre(1, 2));
}

TEST_F(EventCopierTest, CallsThatHaveNotEndedSurviveARestart) {
  insert(R"({"type": "incoming", "call": "a", "at": 1, "caller": 1, "unit": 0, "account": 0, "steps": "", "cseq": 3,
             "sip_call_id_hex": "61"})");
  insert(R"({"type": "incoming", "call": "b", "at": 2, "caller": 1, "unit": 0, "account": 0, "steps": ""})");
  EXPECT_TRUE(copier_.copy());
  insert(R"({"type": "answered", "call": "a", "at": 3, "caller": 1, "unit": 0, "account": 0, "dialog": "1:2"})");
  insert(R"({"type": "missed", "call": "b", "at": 3, "caller": 1, "unit": 0, "account": 0})");
  EXPECT_TRUE(copier_.copy());
  for (const auto& calls : {calls_.list(), Calls(log_.read_calls().value()).list()}) {
    ASSERT_EQ(calls.size(), 1U);
    EXPECT_EQ(calls[0].call_id(), "a");
    EXPECT_EQ(calls[0].sip_call_id(), "a");
    EXPECT_EQ(calls[0].cseq, 3);
    EXPECT_EQ(calls[0].dialog, "1:2");
    EXPECT_TRUE(calls[0].answered);
  }
}

TEST_F(EventCopierTest, WhoIsThereSurvivesARestart) {
  const std::string session = "session+01hzy3v9k8m4q2w5e6r7t8y9za";
  insert(R"({"type": "registered", "at": 1, "username": "anna", "device": "d1", "left": 1, "session": ")" + session +
         R"("})");
  insert(R"({"type": "registered", "at": 2, "username": "bert", "device": "d2", "left": 1})");
  insert(R"({"type": "unregistered", "at": 3, "username": "bert", "device": "d2", "left": 0})");
  EXPECT_TRUE(copier_.copy());
  EXPECT_THAT(published(), ElementsAre());
  EXPECT_EQ(log_.cursor().id, 3);
  const state::Presence restarted(log_.read_absences().value(), log_.read_devices().value());
  for (const auto* presence : std::initializer_list<const state::Presence*>{&presence_, &restarted}) {
    EXPECT_EQ(presence->absent_since("bert"), 3);
    EXPECT_EQ(presence->absent_since("anna"), std::nullopt);
    EXPECT_THAT(presence->devices_of_sessions(), ElementsAre(state::Device{"d1", "anna", session, 0}));
  }
}

TEST_F(EventCopierTest, OwnEventsComeBehindTheOutbox) {
  insert_good();
  auto event = blank_event("message", "c");
  ASSERT_TRUE(copier_.append_own(event));
  EXPECT_THAT(published(), ElementsAre(1, 2));
  EXPECT_EQ(log_.cursor().id, 1);
  EXPECT_EQ(model::Json::parse(log_.read(1, 1).value().at(0).event), event);
}

TEST_F(EventCopierTest, ALostCallEndsOnce) {
  insert(R"({"type": "incoming", "call": "a", "at": 1, "caller": 1, "unit": 0, "account": 0, "steps": ""})");
  ASSERT_TRUE(copier_.append_lost("a"));
  const auto event = model::Json::parse(log_.read(1, 1).value().at(0).event);
  EXPECT_EQ(event["type"], "ended");
  EXPECT_EQ(event["reason"], "media_lost");
  EXPECT_TRUE(calls_.list().empty());
  ASSERT_TRUE(copier_.append_lost("a"));
  EXPECT_EQ(log_.last(), 2);
}

TEST_F(EventCopierTest, ALostCallKeepsTheReasonThatItWasEndedFor) {
  insert(R"({"type": "incoming", "call": "a", "at": 1, "caller": 1, "unit": 0, "account": 0, "steps": ""})");
  insert(R"({"type": "incoming", "call": "b", "at": 1, "caller": 1, "unit": 0, "account": 0, "steps": ""})");
  insert(R"({"type": "answered", "call": "b", "at": 1, "caller": 1, "unit": 0, "account": 0, "dialog": "1:2"})");
  EXPECT_TRUE(copier_.copy());
  for (const char* call_id : {"a", "b"}) {
    calls_.set_ending(call_id, "revoked");
    ASSERT_TRUE(copier_.append_lost(call_id));
  }
  const auto events = log_.read(3, 2).value();
  EXPECT_EQ(model::Json::parse(events.at(0).event)["type"], "missed");
  EXPECT_EQ(model::Json::parse(events.at(0).event)["code"], 480);
  EXPECT_EQ(model::Json::parse(events.at(1).event)["type"], "ended");
  EXPECT_EQ(model::Json::parse(events.at(1).event)["reason"], "revoked");
}

TEST_F(EventCopierTest, ACallWhoseOwnEndIsThereIsNotLost) {
  insert(R"({"type": "incoming", "call": "c", "at": 1, "caller": 1, "unit": 0, "account": 0, "steps": ""})");
  EXPECT_TRUE(copier_.copy());
  insert_good();
  ASSERT_TRUE(copier_.append_lost("c"));
  EXPECT_EQ(log_.last(), 2);
  EXPECT_EQ(model::Json::parse(log_.read(1, 1).value().at(0).event)["reason"], nullptr);
}

TEST_F(EventCopierTest, RunsUntilItIsStoppedAndAcknowledges) {
  insert_good();
  {
    std::jthread thread([&](const std::stop_token& stop) { copier_.run(stop); });
    const auto wait_for = [&](std::size_t count) {
      std::unique_lock lock(mutex_);
      return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return published_.size() >= count; });
    };
    EXPECT_TRUE(wait_for(1));
    insert_good();
    EXPECT_TRUE(wait_for(2));
    copier_.acknowledge_again();
    thread.request_stop();
    watch_.wake();
  }
  EXPECT_THAT(kamailio_.commands, testing::Contains(acknowledgement(2)));
}

TEST_F(EventCopierTest, ANewOutboxIsNotAcknowledgedByTheNumbersOfTheOld) {
  for (int i = 0; i < 5; ++i) insert_good();
  EXPECT_TRUE(copier_.copy());
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(data_->events_file() + suffix);
  ASSERT_TRUE(state::repair_events_file(*data_));
  {
    std::jthread thread([&](const std::stop_token& stop) { copier_.run(stop); });
    thread.request_stop();
    watch_.wake();
  }
  EXPECT_THAT(kamailio_.commands, testing::Not(testing::Contains(testing::EndsWith("/5"))));
}

TEST_F(EventCopierTest, ADamagedOutboxIsMadeAgainWhileItIsOpen) {
  SQLite::Database kamailios(data_->events_file(), SQLite::OPEN_READWRITE, 1000);
  kamailios.exec("INSERT INTO outbox (event) VALUES ('lost')");
  std::ofstream(data_->events_file(), std::ios::binary | std::ios::in) << std::string(4096, 'x');
  std::filesystem::remove(data_->events_file() + "-wal");
  EXPECT_FALSE(copier_.copy());

  kamailios.exec("INSERT INTO outbox (event) VALUES ('')");
  insert_good();
  while (copier_.copy()) continue;
  EXPECT_EQ(published().size(), 1U);
  EXPECT_TRUE(std::filesystem::exists(data_->events_file() + ".corrupt"));
}

}  // namespace
}  // namespace neolia::gateway::kamailio

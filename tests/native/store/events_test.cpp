// SPDX-License-Identifier: Apache-2.0
#include "store/events.hpp"

#include <SQLiteCpp/Database.h>

#include <functional>

#include "model/rows.hpp"
#include "store/estate.hpp"

namespace neolia::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Numbers = std::vector<std::int64_t>;

Json event(const char* type, const char* call, Json more = Json::object()) {
  Json event{{"type", type}, {"call_id", call}, {"at", "2026-11-22T20:00:00.000000Z"}};
  event.update(more);
  return event;
}

class Events : public DirectoryTest {
 protected:
  Numbers record(const char* stream, const std::vector<NumberedEvent>& events) {
    auto written = directory->record_events(stream, events);
    EXPECT_TRUE(written) << written.error().message;
    return written ? *written : Numbers();
  }
  Json calls(const std::optional<std::string>& unit_id = {}) {
    auto listed = directory->list_calls(1000, {}, unit_id);
    EXPECT_TRUE(listed);
    return listed ? *listed : Json();
  }
};

TEST_F(Events, AreStoredOnce) {
  EXPECT_EQ(record("s", {{1, event("incoming", "c")}, {2, event("ringing", "c")}}), (Numbers{1, 2}));
  EXPECT_EQ(record("s", {{2, event("ringing", "c")}, {3, event("missed", "c")}}), (Numbers{3}));
  reopen();
  EXPECT_EQ(record("s", {{1, event("incoming", "c")}, {3, event("missed", "c")}}), Numbers());
  EXPECT_THAT(calls().at(0)["events"], SizeIs(3));
}

TEST_F(Events, MoveTheCursor) {
  EXPECT_EQ(*directory->event_cursor(), std::nullopt);
  record("s", {{41, event("incoming", "c")}});
  EXPECT_EQ(*directory->event_cursor(), (EventCursor{"s", 41}));
  reopen();
  EXPECT_EQ(*directory->event_cursor(), (EventCursor{"s", 41}));
}

TEST_F(Events, BeginAnewInANewStream) {
  record("old", {{7, event("incoming", "c")}});
  EXPECT_EQ(record("new", {{1, event("missed", "c")}}), (Numbers{1}));
  EXPECT_EQ(*directory->event_cursor(), (EventCursor{"new", 1}));
  EXPECT_EQ(record("old", {{7, event("incoming", "c")}}), Numbers()) << "the old one is remembered";
}

TEST_F(Events, OfNoneChangeNothing) {
  EXPECT_EQ(record("s", {}), Numbers());
  EXPECT_EQ(*directory->event_cursor(), std::nullopt);
}

TEST_F(Events, MakeCalls) {
  record("s", {{1, event("incoming", "one",
                         {{"unit_id", unit}, {"caller", {{"username", "gate"}}}, {"steps", {{{"action", "ring"}}}}})},
               {2, event("incoming", "two", {{"unit_id", nullptr}})},
               {3, event("ringing", "one", {{"by", "hall"}, {"unit_id", unit}})},
               {4, event("ringing", "one", {{"by", "kitchen"}, {"unit_id", unit}})},
               {5, event("answered", "one", {{"by", "hall"}, {"unit_id", unit}})},
               {6, event("missed", "two", {{"reason", "no_answer"}, {"code", 480}})},
               {7, event("ended", "one", {{"reason", "hung_up"}, {"at", "later"}})}});
  const Json listed = calls();
  ASSERT_THAT(listed, SizeIs(2));
  EXPECT_EQ(listed[0]["call_id"], "two");
  EXPECT_EQ(listed[0]["status"], "missed");
  EXPECT_EQ(listed[0]["code"], 480);
  const Json& one = listed[1];
  EXPECT_EQ(one["status"], "ended");
  EXPECT_EQ(one["by"], "hall");
  EXPECT_EQ(one["reason"], "hung_up");
  EXPECT_EQ(one["at"], "2026-11-22T20:00:00.000000Z");
  EXPECT_EQ(one["caller"]["username"], "gate");
  EXPECT_EQ(one["steps"], Json({{{"action", "ring"}}}));
  EXPECT_EQ(one["dialled"], nullptr);
  EXPECT_THAT(one["events"], SizeIs(5));
  EXPECT_THAT(calls(unit), SizeIs(1));
  EXPECT_THAT(calls("other"), IsEmpty());
}

/// What becomes of a call's events: the members that they decide.
struct CallRow {
  const char* name;
  std::vector<const char*> events;
  const char* call;
};

const std::vector<CallRow> kCalls{
    {"OnlyAStep", {R"({"type": "step", "step": 0})"}, R"({"status": null, "test": false, "seconds": null})"},
    {"Begun",
     {R"({"type": "incoming", "test": true, "session_id": "s"})"},
     R"({"status": "incoming", "test": true, "session_id": "s"})"},
    {"StepsRefusalsAndJoinsDecideNothing",
     {R"({"type": "incoming"})", R"({"type": "step"})", R"({"type": "ringing", "by": "a"})",
      R"({"type": "refused", "by": "b", "code": 486})", R"({"type": "joined", "by": "c"})",
      R"({"type": "from_the_future"})"},
     R"({"status": "ringing", "by": null, "code": null, "answered_by": null, "ended_at": null})"},
    {"LateRinging",
     {R"({"type": "answered", "by": "a"})", R"({"type": "ringing", "by": "b"})"},
     R"({"status": "answered", "by": "a", "answered_by": "a"})"},
    {"Talked",
     {R"({"type": "incoming"})", R"({"type": "answered", "by": "a", "at": "2026-11-22T20:00:10.250000Z"})",
      R"({"type": "ended", "code": 200, "reason": "hung_up", "packets": 900, "at": "2026-11-22T20:01:10.500000Z"})"},
     R"({"status": "ended", "by": "a", "answered_by": "a", "seconds": 60.25, "packets": 900, "code": 200, "reason": "hung_up",
         "at": "2026-11-22T20:00:00.000000Z", "answered_at": "2026-11-22T20:00:10.250000Z",
         "ended_at": "2026-11-22T20:01:10.500000Z"})"},
    {"Declined",
     {R"({"type": "incoming"})", R"({"type": "refused", "by": "b", "code": 486})",
      R"({"type": "declined", "by": "a", "code": 603})"},
     R"({"status": "declined", "by": "a", "answered_by": null, "code": 603, "seconds": null})"},
    {"Message",
     {R"({"type": "answered", "by": "voicemail"})", R"({"type": "ended", "reason": "hung_up"})",
      R"({"type": "message", "message_id": "m", "seconds": 12, "video": true})"},
     R"({"status": "ended", "answered_by": "voicemail", "message_id": "m", "seconds": 0.0})"},
    {"NoMoments",
     {R"({"type": "answered", "at": "noon"})", R"({"type": "ended", "at": "later"})"},
     R"({"answered_at": "noon", "ended_at": "later", "seconds": null})"},
    {"BackInTime",
     {R"({"type": "answered", "at": "2026-11-22T20:00:10Z"})", R"({"type": "ended", "at": "2026-11-22T20:00:00Z"})"},
     R"({"seconds": null})"},
};

class CallsOfEvents : public DirectoryTest, public testing::WithParamInterface<CallRow> {};

TEST_P(CallsOfEvents, AreMadeOfThem) {
  std::vector<NumberedEvent> events;
  for (const char* text : GetParam().events) {
    Json made{{"call_id", "c"}, {"at", "2026-11-22T20:00:00.000000Z"}};
    made.update(Json::parse(text));
    events.emplace_back(static_cast<std::int64_t>(events.size() + 1), made);
  }
  ASSERT_TRUE(directory->record_events("s", events));
  const Json call = directory->list_calls(1, {}, {})->at(0);
  const Json expected = Json::parse(GetParam().call);
  for (const auto& [name, value] : expected.items()) EXPECT_EQ(call.at(name), value) << name;
  EXPECT_EQ(*directory->get_call("c"), call);
}

INSTANTIATE_TEST_SUITE_P(Rows, CallsOfEvents, testing::ValuesIn(kCalls), row_name);

TEST_F(Events, OfNoCallAreNotFound) {
  const auto call = directory->get_call("nobody");
  ASSERT_FALSE(call);
  EXPECT_EQ(call.error().code, model::ErrorCode::not_found);
}

TEST_F(Events, OfACallWhoseBeginningIsGoneAreFound) {
  record("s", {{1, event("incoming", "c")}, {2, event("missed", "c")}});
  directory.reset();
  SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec("DELETE FROM events WHERE is_first");
  reopen();
  EXPECT_EQ(directory->get_call("c")->at("status"), "missed");
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(Events, OfTheLargestCallFit) {
  const std::vector<std::string> usernames(16, std::string(64, 'u'));
  const Json step{{"rule_id", std::string(26, '0')},
                  {"action", "ring"},
                  {"ring_seconds", 120},
                  {"on_decline", "continue"},
                  {"usernames", usernames},
                  {"forward_unit_id", nullptr},
                  {"uri", nullptr},
                  {"code", nullptr}};
  EXPECT_EQ(record("s", {{1, event("incoming", "c", {{"steps", std::vector(16, step)}})}}), (Numbers{1}));
}

TEST_F(Events, ListCallsInPages) {
  for (int i = 1; i <= 5; ++i) record("s", {{i, event("denied", std::to_string(i).c_str(), {{"unit_id", unit}})}});
  const auto first = directory->list_calls(2, {}, unit);
  ASSERT_THAT(*first, SizeIs(2));
  EXPECT_EQ(first->at(0)["call_id"], "5");
  const auto rest = directory->list_calls(1000, first->at(1)["sequence"].get<std::int64_t>(), unit);
  ASSERT_THAT(*rest, SizeIs(3));
  EXPECT_EQ(rest->at(0)["call_id"], "3");
  EXPECT_FALSE(directory->list_calls(0, {}, {}));
}

TEST_F(Events, AreKeptUpToABound) {
  record("s", {{1, event("incoming", "first")}});
  directory.reset();
  {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    database.exec("INSERT INTO events (sequence, call_id, is_first, event) VALUES (" + std::to_string(kKeptEvents) +
                  ", 'last', 1, '{}')");
  }
  reopen();
  record("s", {{2, event("missed", "new")}});
  EXPECT_EQ(calls().size(), 2U);
  directory.reset();
  SQLite::Database database(file.string());
  EXPECT_EQ(database.execAndGet("SELECT count(*) FROM events WHERE call_id = 'first'").getInt(), 0);
  EXPECT_EQ(database.execAndGet("SELECT min(sequence) FROM events").getInt64(), kKeptEvents);
}

struct Row {
  const char* name;
  std::string stream;
  NumberedEvent event;
  const char* fields;
};

const std::vector<Row> kRefused{
    {"NoStream", "", {1, event("t", "c")}, "format stream"},
    {"LongStream", std::string(65, 's'), {1, event("t", "c")}, "format stream"},
    {"ControlCharacter", "a\nb", {1, event("t", "c")}, "format stream"},
    {"Zero", "s", {0, event("t", "c")}, "range events[0]"},
    {"Negative", "s", {-1, event("t", "c")}, "range events[0]"},
    {"Text", "s", {1, "event"}, "type events[0]"},
    {"Empty", "s", {1, Json::object()}, "required events[0].at, required events[0].call_id, required events[0].type"},
    {"Types",
     "s",
     {1, {{"type", 1}, {"call_id", nullptr}, {"at", "a"}}},
     "type events[0].call_id, type events[0].type"},
    {"OfNoCall",
     "s",
     {1, {{"type", "registered"}, {"username", "hall"}, {"at", "2026-11-22T20:00:00Z"}}},
     "required events[0].call_id"},
    {"OfACallNamedNull",
     "s",
     {1, {{"type", "registered"}, {"call_id", nullptr}, {"at", "2026-11-22T20:00:00Z"}}},
     "type events[0].call_id"},
    {"LongCallId", "s", {1, event("t", std::string(129, 'c').c_str())}, "format events[0].call_id"},
    {"Large", "s", {1, event("t", "c", {{"more", std::string(70'000, 'x')}})}, "length events[0]"},
};

class RefusedEvents : public DirectoryTest, public testing::WithParamInterface<Row> {};

TEST_P(RefusedEvents, AreNamed) {
  const auto refused = directory->record_events(GetParam().stream, {GetParam().event});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, model::ErrorCode::invalid);
  EXPECT_EQ(fields_of(refused.error()), GetParam().fields);
  EXPECT_EQ(*directory->event_cursor(), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Rows, RefusedEvents, testing::ValuesIn(kRefused), row_name);

}  // namespace
}  // namespace neolia::store

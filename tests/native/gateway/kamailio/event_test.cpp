// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/event.hpp"

#include <gmock/gmock.h>

#include "gateway/example.hpp"
#include "gateway/kamailio/event_steps.hpp"

namespace neolia::gateway::kamailio {
namespace {

using model::Json;

/// Keys in the order of Keys::assign: site 1, building 2, units 3–4, panels 5–6, door 7, rule 8.
class EventTest : public testing::Test {
 protected:
  EventTest() {
    accepted_.write([&](auto& picture, auto& keys) {
      keys.assign(example::objects(2));
      rules::Compiler compiler("home.example", accepted_.key_of(), rules::Time());
      compiler.apply({example::objects(2), {}}, rules::Time());
      picture.emplace(state::Picture{{example::kDirectory, 7}, std::move(compiler)});
    });
  }

  Json read(const Json& row) {
    const auto event = read_row(row.dump(), accepted_, presence_);
    EXPECT_TRUE(event) << event.error().message;
    return event ? std::get<CallEvent>(*event).event : Json();
  }

  state::Accepted accepted_{state::Keys({}, 0)};
  state::Presence presence_{{}, {}};
};

const Json kIncoming =
    Json::parse(R"({"type": "incoming", "call": "1700000000.5-42", "at": 1700000000123456, "caller": 7,
  "dialled_hex": "6131", "unit": 3, "account": 0, "steps": "8~r,30,s,panel-1", "sip_call_id_hex": "61405b"})");

TEST_F(EventTest, IncomingHasEverything) {
  const auto expected =
      Json::parse(R"({"type": "incoming", "call_id": "1700000000.5-42", "at": "2023-11-14T22:13:20.123456Z",
    "dialled": "a1", "account_id": null, "by": null, "code": null, "reason": null, "sip_call_id": "a@["})");
  auto event = read(kIncoming);
  for (const auto& [key, value] : expected.items()) EXPECT_EQ(event[key], value) << key;
  EXPECT_EQ(event["caller"],
            Json({{"account_id", example::door_id()}, {"username", "door"}, {"kind", "door"}, {"name", "door"}}));
  EXPECT_EQ(event["unit_id"], example::unit_id(1));
  EXPECT_EQ(event["building_id"], example::building_id());
  EXPECT_EQ(event["site_id"], example::site_id());
  ASSERT_EQ(event["steps"].size(), 1U);
  EXPECT_EQ(event["steps"][0]["rule_id"], example::rule_id());
  EXPECT_EQ(event["steps"][0]["usernames"], Json({"panel-1"}));
}

TEST_F(EventTest, OthersHaveNullsForWhatDoesNotApply) {
  const auto event = read({{"type", "missed"},
                           {"call", "c"},
                           {"at", 0},
                           {"caller", 5},
                           {"unit", 0},
                           {"account", 7},
                           {"code", 487},
                           {"reason", "cancelled"}});
  EXPECT_EQ(event["steps"], nullptr);
  EXPECT_EQ(event["dialled"], nullptr);
  EXPECT_EQ(event["unit_id"], nullptr);
  EXPECT_EQ(event["account_id"], example::door_id());
  EXPECT_EQ(event["building_id"], example::building_id());
  EXPECT_EQ(event["code"], 487);
  EXPECT_EQ(event["reason"], "cancelled");
}

TEST_F(EventTest, WhatIsGoneKeepsItsId) {
  accepted_.write([](auto& picture, auto&) {
    model::Change gone;
    gone.removed.accounts.push_back(example::door_id());
    picture->compiler.apply(gone, rules::Time());
  });
  const auto caller = read(kIncoming)["caller"];
  EXPECT_EQ(caller["account_id"], example::door_id());
  EXPECT_EQ(caller["username"], nullptr);
}

TEST_F(EventTest, UnknownKeysAreNulls) {
  auto row = kIncoming;
  row["caller"] = 999;
  row["unit"] = -1;
  row["steps"] = "999~r,30,s,x";
  const auto event = read(row);
  EXPECT_EQ(event["caller"]["account_id"], nullptr);
  EXPECT_EQ(event["unit_id"], nullptr);
  EXPECT_EQ(event["steps"][0]["rule_id"], nullptr);
}

TEST_F(EventTest, ADeniedCallIsWhereItsCallerIs) {
  const auto event = read({{"type", "denied"},
                           {"call", "c"},
                           {"at", 0},
                           {"caller", 7},
                           {"unit", 0},
                           {"account", 0},
                           {"dialled_hex", "ff"},
                           {"code", 404},
                           {"reason", "unknown_number"}});
  EXPECT_EQ(event["site_id"], example::site_id());
  EXPECT_EQ(event["building_id"], nullptr);
  EXPECT_TRUE(Json::accept(event.dump(-1, ' ', false, Json::error_handler_t::replace)));
}

constexpr const char* kSession = "session+01hzy3v9k8m4q2w5e6r7t8y9za";
constexpr const char* kSessionId = "01HZY3V9K8M4Q2W5E6R7T8Y9ZA";

TEST_F(EventTest, EveryFieldIsThere) {
  const auto event = read(kIncoming);
  EXPECT_EQ(event.size(), blank_event("ended", "c").size());
  for (const char* field : {"step", "away", "device", "session_id", "packets", "message_id", "seconds", "video"}) {
    ASSERT_TRUE(event.contains(field)) << field;
    EXPECT_EQ(event[field], nullptr) << field;
  }
  EXPECT_EQ(event["test"], false);
}

TEST_F(EventTest, ATestCallOfASession) {
  auto row = kIncoming;
  row["session"] = kSession;
  row["test"] = 1;
  row["cseq"] = 7;
  row["new_in_a_later_version"] = Json::array({1});
  const auto read = read_row(row.dump(), accepted_, presence_);
  ASSERT_TRUE(read) << read.error().message;
  const auto& told = std::get<CallEvent>(*read);
  EXPECT_EQ(told.event["session_id"], kSessionId);
  EXPECT_EQ(told.event["test"], true);
  EXPECT_EQ(told.cseq, 7);
  EXPECT_FALSE(told.event.contains("cseq"));
  EXPECT_FALSE(told.event.contains("session"));
  EXPECT_FALSE(told.event.contains("new_in_a_later_version"));
}

TEST_F(EventTest, AnAnswerTellsDeviceAndDialog) {
  const Json row = {{"type", "answered"}, {"call", "c"}, {"at", 0},
                    {"caller", 7},        {"unit", 3},   {"account", 0},
                    {"step", 1},          {"by", "a"},   {"device", "uloc-1-2-3"},
                    {"dialog", "12:3456"}};
  const auto told = std::get<CallEvent>(read_row(row.dump(), accepted_, presence_).value());
  EXPECT_EQ(told.dialog, "12:3456");
  EXPECT_EQ(told.event["device"], "uloc-1-2-3");
  EXPECT_EQ(told.event["step"], 1);
  EXPECT_EQ(told.event["test"], nullptr);
}

TEST_F(EventTest, WhoIsNoAccountHasNoDevice) {
  const auto event = read({{"type", "answered"},
                           {"call", "c"},
                           {"at", 0},
                           {"caller", 7},
                           {"unit", 3},
                           {"account", 0},
                           {"step", 1},
                           {"by", "voicemail"},
                           {"device", ""}});
  EXPECT_EQ(event["by"], "voicemail");
  EXPECT_EQ(event["device"], nullptr);
}

TEST_F(EventTest, AStepSaysSinceWhenWhoIsAway) {
  presence_.note({false, "panel-1", "d1", "", 1700000000123456, 0});
  const auto event = read({{"type", "step"},
                           {"call", "c"},
                           {"at", 0},
                           {"caller", 7},
                           {"unit", 3},
                           {"account", 0},
                           {"step", 0},
                           {"away", "panel-1 panel-2"}});
  EXPECT_EQ(event["away"], Json::parse(R"([{"username": "panel-1", "since": "2023-11-14T22:13:20.123456Z"},
                                           {"username": "panel-2", "since": null}])"));
}

TEST_F(EventTest, RegistrationsAreNoEvents) {
  const Json row = {{"type", "registered"}, {"at", 5},  {"username", "panel-1"}, {"device", "d1"},
                    {"session", kSession},  {"left", 2}};
  const auto read = read_row(row.dump(), accepted_, presence_);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(std::get<state::Sighting>(*read), (state::Sighting{true, "panel-1", "d1", kSession, 5, 2}));
}

struct BadRow {
  const char* name;
  const char* field;
  Json value;
};

class BadEvent : public EventTest, public testing::WithParamInterface<BadRow> {};

TEST_P(BadEvent, IsRefusedAndSaysWhy) {
  auto row = kIncoming;
  row[GetParam().field] = GetParam().value;
  const auto event = read_row(row.dump(), accepted_, presence_);
  ASSERT_FALSE(event);
  EXPECT_FALSE(event.error().message.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BadEvent,
    testing::Values(BadRow{"type_unknown", "type", "exploded"}, BadRow{"type_number", "type", 1},
                    BadRow{"call_empty", "call", ""}, BadRow{"call_long", "call", std::string(65, 'a')},
                    BadRow{"call_quote", "call", "a\"b"}, BadRow{"at_text", "at", "now"},
                    BadRow{"at_negative", "at", -1}, BadRow{"at_far", "at", 9000000000000000000},
                    BadRow{"at_fraction", "at", 1.5}, BadRow{"caller_null", "caller", nullptr},
                    BadRow{"caller_text", "caller", "7"}, BadRow{"hex_odd", "dialled_hex", "616"},
                    BadRow{"hex_letters", "dialled_hex", "zz"}, BadRow{"steps_list", "steps", Json::array()},
                    BadRow{"steps_short", "steps", "8~r,30"}, BadRow{"steps_key", "steps", "x~r,30,s,*"},
                    BadRow{"steps_action", "steps", "8~z,30,s,*"}, BadRow{"steps_seconds", "steps", "8~r,,s,*"},
                    BadRow{"steps_decline", "steps", "8~r,30,x,*"}, BadRow{"steps_tail", "steps", "8~v,,,|"},
                    BadRow{"steps_code", "steps", "8~j,,,no"}, BadRow{"steps_forward", "steps", "8~f,30,s,z1"},
                    BadRow{"by_number", "by", 5}, BadRow{"code_text", "code", "487"},
                    BadRow{"reason_object", "reason", Json::object()}, BadRow{"step_text", "step", "0"},
                    BadRow{"session_of_nobody", "session", "anna"}, BadRow{"device_number", "device", 5},
                    BadRow{"device_space", "device", "a b"}, BadRow{"dialog_text", "dialog", "x y"},
                    BadRow{"cseq_text", "cseq", "1"}, BadRow{"test_text", "test", "1"},
                    BadRow{"away_list", "away", Json::array()}, BadRow{"packets_text", "packets", "1"}),
    [](const auto& row) { return row.param.name; });

TEST_F(EventTest, WhatIsNoObjectIsRefused) {
  for (const std::string row : {"", "null", "[]", "{", "{\"type\": \"inc\xff\"}", "\"text\""}) {
    EXPECT_FALSE(read_row(row, accepted_, presence_)) << row;
  }
  EXPECT_FALSE(read_row(std::string(30000, '['), accepted_, presence_));
  EXPECT_FALSE(read_row(std::string(16000, '['), accepted_, presence_));
}

TEST(EventSteps, EveryForm) {
  const state::Keys keys({{example::unit_id(1), 3}, {example::rule_id(), 8}}, 0);
  const auto steps =
      read_steps("8~r,30,s,*|8~r,20,c,a b|8~f,15,s,u3|8~f,15,c,adoor|8~f,15,s,xsip:a@b.c|8~v,,,|0~j,,,486", keys);
  ASSERT_TRUE(steps);
  const auto expect = [&](std::size_t index, const char* fields) {
    const auto expected = Json::parse(fields);
    for (auto field = expected.begin(); field != expected.end(); ++field) {
      EXPECT_EQ((*steps)[index][field.key()], field.value()) << index << field.key();
    }
    EXPECT_EQ((*steps)[index].size(), 8U);
  };
  expect(0, R"({"action": "ring", "ring_seconds": 30, "on_decline": "stop", "usernames": null, "code": null})");
  expect(1, R"({"action": "ring", "ring_seconds": 20, "on_decline": "continue", "usernames": ["a", "b"]})");
  expect(2, R"({"action": "forward", "ring_seconds": 15, "usernames": null})");
  EXPECT_EQ((*steps)[2]["forward_unit_id"], example::unit_id(1));
  expect(3, R"({"action": "forward", "usernames": ["door"], "forward_unit_id": null})");
  expect(4, R"({"action": "forward", "uri": "sip:a@b.c"})");
  expect(5, R"({"action": "voicemail", "ring_seconds": null, "on_decline": null})");
  expect(6, R"({"action": "reject", "code": 486, "rule_id": null})");
  EXPECT_EQ(read_steps("", keys), Json::array());
}

}  // namespace
}  // namespace neolia::gateway::kamailio

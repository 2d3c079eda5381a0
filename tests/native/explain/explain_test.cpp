// SPDX-License-Identifier: Apache-2.0
#include "explain/explain.hpp"

#include <algorithm>
#include <set>

#include "explain/calls.hpp"
#include "explain/code.hpp"
#include "model/rows.hpp"

namespace neolia::explain {
namespace {

using Lines = std::vector<std::string>;

const std::string kRings = gate_calls(kRing);
const std::string kRingsThenVoicemail = gate_calls(kRing + "," + kVoicemail);
const std::string kMailOnly = gate_calls(kVoicemail);

struct Row {
  const char* name;
  std::vector<Event> events;
  Json outcome;
  Lines sentences;
};

const Lines kPassedOver{"rule_off: Rule 2 of Left (@door) is switched off.",
                        "rule_other_time: Rule 3 of Left (@door) is for other times."};

Lines operator+(Lines left, const Lines& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

const std::string kCalled = "called: Front gate called A101 (Left).";
const std::string kRang = "step_ring: Rule 1 of Left (@door) rang Hall panel and Kitchen panel for up to 30 s.";

const std::vector<Row> kRows{
    {"Answered",
     {{0, "incoming", kRings},
      {0, "step", R"({"step": 0, "away": []})"},
      {0.2, "ringing", R"({"step": 0, "by": "hall", "device": "r1"})"},
      {0.3, "ringing", R"({"step": 0, "by": "kitchen", "device": "r2"})"},
      {8.1, "answered", R"({"step": 0, "by": "hall", "device": "r1"})"},
      {98, "ended", R"({"code": 200, "reason": "hung_up", "packets": 9000})"}},
     "answered",
     {kCalled, kRang, "rang: Hall panel rang.", "rang: Kitchen panel rang.", "answered: Hall panel answered after 8 s.",
      "hung_up: The call was hung up after 1 min 30 s."}},
    {"AwayAndBusy",
     {{0, "incoming", kRings},
      {0, "step", R"({"step": 0, "away": [{"username": "kitchen", "since": "2026-11-22T13:02:00.000000Z"}]})"},
      {1, "refused", R"({"step": 0, "by": "hall", "code": 486})"},
      {30, "missed", R"({"code": 408, "reason": "no_answer"})"}},
     "missed",
     Lines{kCalled} + kPassedOver +
         Lines{"rule_would_apply: Rule 1 of Home (@door) would apply by the directory as it is now.", kRang,
               "not_registered: Kitchen panel: not registered since 14:02.", "refused: Hall panel: busy (486).",
               "no_answer: Nobody answered within 30 s."}},
    {"NeverRegisteredThenJoins",
     {{0, "incoming", kRings},
      {0, "step",
       R"({"step": 0, "away": [{"username": "hall", "since": null}, {"username": "kitchen", "since": "2026-11-20T13:02:00Z"}]})"},
      {12, "joined", R"({"step": 0, "by": "kitchen", "device": "r2"})"},
      {12.2, "ringing", R"({"step": 0, "by": "kitchen", "device": "r2"})"},
      {15, "answered", R"({"step": 0, "by": "kitchen", "device": "r2"})"}},
     nullptr,
     {kCalled, kRang, "not_registered: Hall panel: not registered.",
      "not_registered: Kitchen panel: not registered since 2026-11-20 14:02.",
      "joined: Kitchen panel registered and joined 12 s later.", "rang: Kitchen panel rang.",
      "answered: Kitchen panel answered after 15 s.", "not_over: It is still going on, or its end is not known."}},
    {"SilentThenVoicemail",
     {{0, "incoming", kRingsThenVoicemail},
      {0, "step", R"({"step": 0, "away": []})"},
      {0.2, "ringing", R"({"step": 0, "by": "hall"})"},
      {30, "step", R"({"step": 1, "away": []})"},
      {30.1, "answered", R"({"step": 1, "by": "voicemail"})"},
      {50, "ended", R"({"code": 200, "reason": "hung_up", "packets": 2000})"},
      {52, "message", R"({"message_id": "m", "seconds": 12.4, "video": true})"}},
     "message",
     Lines{kCalled} + kPassedOver +
         Lines{kRang, "rang: Hall panel rang.", "did_not_ring: Kitchen panel was registered, but did not ring.",
               "no_answer: Nobody answered within 30 s.", "step_voicemail: Rule 1 of Home (@door) led to voicemail.",
               "voicemail_answered: Voicemail answered after 30 s.", "hung_up: The call was hung up after 20 s.",
               "message: The visitor left a message of 12 s with picture."}},
    {"VoicemailNotReady",
     {{0, "incoming", kRingsThenVoicemail},
      {0, "step",
       R"({"step": 0, "away": [{"username": "hall", "since": null}, {"username": "kitchen", "since": null}]})"},
      {30, "missed", R"({"code": 480, "reason": "not_registered"})"}},
     "missed",
     Lines{kCalled} + kPassedOver +
         Lines{kRang, "not_registered: Hall panel: not registered.", "not_registered: Kitchen panel: not registered.",
               "step_skipped: Rule 1 of Home (@door) was skipped: voicemail was not ready.",
               "nobody_registered: No device was registered, so nobody could be rung (480)."}},
    {"VoicemailDoesNotAnswer",
     {{0, "incoming", kRingsThenVoicemail},
      {0, "step", R"({"step": 0, "away": []})"},
      {1, "refused", R"({"step": 0, "by": "hall", "code": 486})"},
      {1, "refused", R"({"step": 0, "by": "kitchen", "code": 488})"},
      {1, "step", R"({"step": 1, "away": []})"},
      {4, "missed", R"({"code": 486, "reason": "busy"})"}},
     "missed",
     Lines{kCalled} + kPassedOver +
         Lines{kRang, "refused: Hall panel: busy (486).",
               "refused: Kitchen panel: cannot take this sound or picture (488).",
               "step_voicemail: Rule 1 of Home (@door) led to voicemail.",
               "step_skipped: Rule 1 of Home (@door) was skipped: voicemail was not ready.",
               "everybody_busy: Everybody was busy (486)."}},
};

/// Of calls that began as one step that rings: what is told after that.
const std::vector<Row> kEnds{
    {"Declined",
     {{9, "declined", R"({"by": "hall", "code": 603})"}},
     "declined",
     {"declined: Hall panel declined, which ended the call (603)."}},
    {"Cancelled",
     {{7, "missed", R"({"code": 487, "reason": "cancelled"})"}},
     "missed",
     {"cancelled: The caller hung up after 7 s, before anybody answered (487)."}},
    {"Rejected",
     {{0, "missed", R"({"code": 603, "reason": "rejected"})"}},
     "missed",
     {"rejected: The call was rejected (603)."}},
    {"NoMedia",
     {{0, "missed", R"({"code": 503, "reason": "no_media"})"}},
     "missed",
     {"no_media: The caller is a browser, and RTPEngine was not there to carry its sound and picture (503)."}},
    {"DoorOpened",
     {{7, "missed", R"({"code": 480, "reason": "door_opened"})"}},
     "missed",
     {"door_opened: The door was opened, which ended the call after 7 s (480)."}},
    {"Stopped",
     {{7, "missed", R"({"code": 480, "reason": "stopped"})"}},
     "missed",
     {"stopped: An administrator ended the call after 7 s (480)."}},
    {"MissedOtherwise", {{7, "missed", R"({"code": 500})"}}, "missed", {"missed: The call was missed (500)."}},
    {"NoAnswerOfNobody", {{7, "missed", R"({"reason": "no_answer"})"}}, "missed", {"no_answer: Nobody answered."}},
    {"Revoked",
     {{3, "answered", R"({"by": "hall"})"}, {7, "ended", R"({"reason": "revoked"})"}},
     "answered",
     {"answered: Hall panel answered after 3 s.",
      "revoked: The account or session was withdrawn, which ended the call after 7 s."}},
    {"MediaLost",
     {{3, "answered", R"({"by": "hall"})"}, {7, "ended", R"({"reason": "media_lost"})"}},
     "answered",
     {"answered: Hall panel answered after 3 s.",
      "media_lost: Kamailio was restarted, and the call was lost after 4 s."}},
    {"LostWhileRinging",
     {{7, "ended", R"({"reason": "media_lost"})"}},
     "missed",
     {"media_lost: Kamailio was restarted, and the call was lost."}},
    {"EndedOtherwise", {{7, "ended", R"({"code": 500})"}}, "missed", {"ended: The call ended (500)."}},
    {"NoPackets",
     {{3, "answered", R"({"by": "hall"})"}, {7, "ended", R"({"code": 200, "reason": "hung_up", "packets": 0})"}},
     "answered",
     {"answered: Hall panel answered after 3 s.", "hung_up: The call was hung up after 4 s.",
      "no_packets: No sound or picture got through: 0 packets were relayed."}},
    {"MessageWithoutLength",
     {{7, "message", R"({"message_id": "m", "video": false})"}},
     "message",
     {"message: The visitor left a message."}},
    {"DeletedDevice",
     {{3, "answered", R"({"by": "tablet"})"}, {7, "ended", R"({"code": 200, "reason": "hung_up"})"}},
     "answered",
     {"answered: tablet (deleted or renamed since) answered after 3 s.", "hung_up: The call was hung up after 4 s."}},
};

/// Of calls whose first step this is: what is told of it.
struct StepRow {
  const char* name;
  std::string step;
  std::string sentence;
};

const std::vector<StepRow> kSteps{
    {"RingOfADoor", R"({"rule_id": null, "action": "ring", "ring_seconds": 60, "usernames": ["gate"]})",
     "step_ring: Front gate was rung for up to 1 min."},
    {"RingByADeletedRule", R"({"rule_id": "gone", "action": "ring", "ring_seconds": 30, "usernames": ["hall"]})",
     "step_ring: A rule that was deleted since rang Hall panel for up to 30 s."},
    {"RingOfMany",
     R"({"rule_id": "a1.1", "action": "ring", "ring_seconds": 30,
         "usernames": ["anna", "hall", "kitchen", "p1", "p2", "p3", "p4"]})",
     "step_ring: Rule 1 of Left (@door) rang anna, Hall panel, Kitchen panel, p1 (deleted or renamed since), p2 "
     "(deleted "
     "or renamed since) and 2 more for up to 30 s."},
    {"ForwardToUnit", R"({"rule_id": "a1.2", "action": "forward", "ring_seconds": 20, "forward_unit_id": "a2"})",
     "step_forward: Rule 2 of Left (@door) forwarded to Right for up to 20 s."},
    {"ForwardToDeletedUnit", R"({"rule_id": "a1.2", "action": "forward", "ring_seconds": 20, "forward_unit_id": "x"})",
     "step_forward: Rule 2 of Left (@door) forwarded to a deleted unit for up to 20 s."},
    {"ForwardToAccount", R"({"rule_id": "a1.2", "action": "forward", "ring_seconds": 20, "usernames": ["hall"]})",
     "step_forward: Rule 2 of Left (@door) forwarded to Hall panel for up to 20 s."},
    {"ForwardToUri", R"({"rule_id": "a1.2", "action": "forward", "ring_seconds": 20, "uri": "sip:x@pbx.example.org"})",
     "step_forward: Rule 2 of Left (@door) forwarded to sip:x@pbx.example.org for up to 20 s."},
    {"Reject", R"({"rule_id": "a1.2", "action": "reject", "code": 603})",
     "step_reject: Rule 2 of Left (@door) rejects such calls (603)."},
};

std::vector<Event> first_step(const StepRow& row) {
  return {{0, "incoming", gate_calls(row.step)},
          {0, "step", R"({"step": 0})"},
          {1, "answered", R"({"step": 0, "by": ""})"}};
}

/// Calls that never rang, in a directory that was tweaked after them or before.
struct DenialRow {
  const char* name;
  Event event;
  rules::Tweak tweak;
  Lines sentences;
};

void disturb_not(model::Objects& all) { rules::disturb_not(all, "a1"); }

/// Seventeen rules that match.
void add_rules(model::Objects& all) {
  for (int position = 4; position <= 20; ++position) {
    all.rules.push_back(rules::rule(rules::of_unit("a1"), position, "@door", model::Voicemail{}));
  }
}

const std::vector<DenialRow> kDenials{
    {"UnknownNumber",
     {0, "denied", gate_calls("", R"({"dialled": "999", "unit_id": null, "code": 404, "reason": "unknown_number"})")},
     {},
     {"called: Front gate called 999.", "unknown_number: Nobody has that number or name (404)."}},
    {"Unreadable",
     {0, "denied",
      gate_calls("", R"({"dialled": "\u0007", "unit_id": null, "code": 404, "reason": "unknown_number"})")},
     {},
     {"called: Front gate called something that is no number.",
      "unknown_number: Nobody has that number or name (404)."}},
    {"NoRule",
     {0, "denied",
      gate_calls("", R"({"caller": {"account_id": "bea"}, "dialled": "101", "code": 403, "reason": "no_rule"})")},
     {},
     {"called: bea called 101 (Left).", "no_rule: No rule allowed it, so the call was refused (403).",
      "rule_other_source: Rule 1 of Left (@door) is for other callers.",
      "rule_off: Rule 2 of Left (@door) is switched off.",
      "rule_other_source: Rule 3 of Left (@door) is for other callers.",
      "rule_other_source: Rule 1 of Home (@door) is for other callers."}},
    {"DoNotDisturb",
     {0, "denied", gate_calls("", R"({"code": 403, "reason": "no_rule"})")},
     disturb_not,
     {kCalled, "no_rule: No rule allowed it, so the call was refused (403).",
      "rule_do_not_disturb: Rule 1 of Left (@door) did not ring: do not disturb was on.",
      "rule_off: Rule 2 of Left (@door) is switched off.",
      "rule_other_time: Rule 3 of Left (@door) is for other times.",
      "rule_would_apply: Rule 1 of Home (@door) would apply by the directory as it is now."}},
    {"DoNotDisturbButVoicemail",
     {0, "incoming", gate_calls(kVoicemail)},
     disturb_not,
     {kCalled, "rule_do_not_disturb: Rule 1 of Left (@door) did not ring: do not disturb was on.",
      "rule_off: Rule 2 of Left (@door) is switched off.",
      "rule_other_time: Rule 3 of Left (@door) is for other times.",
      "not_over: It is still going on, or its end is not known."}},
    {"NobodyToRing",
     {0, "incoming", gate_calls(kVoicemail)},
     [](auto& all) {
       for (const char* account : {"hall", "kitchen", "anna"}) rules::switch_off(all, account);
     },
     {kCalled, "rule_nobody_to_ring: Rule 1 of Left (@door) had nobody to ring.",
      "rule_off: Rule 2 of Left (@door) is switched off.",
      "rule_other_time: Rule 3 of Left (@door) is for other times.",
      "not_over: It is still going on, or its end is not known."}},
    {"CallOfADoorStation",
     {0, "denied",
      gate_calls("",
                 R"({"caller": {"account_id": "bea"}, "dialled": "door-b", "unit_id": null, "account_id": "door-b",
                         "code": 403, "reason": "no_rule"})")},
     {},
     {"called: bea called door-b.", "no_rule: No rule allowed it, so the call was refused (403).",
      "door_not_allowed: A door station is called by panels and mobiles of its own unit, building or site only."}},
    {"CallerGone",
     {0, "denied",
      gate_calls("", R"({"caller": {"account_id": "gone", "name": "Old gate"}, "code": 403, "reason": "no_rule"})")},
     {},
     {"called: Old gate (deleted since) called A101 (Left).",
      "no_rule: No rule allowed it, so the call was refused (403).",
      "rules_unknown: Which rules did not apply cannot be told: the directory was changed since."}},
    {"CalledGone",
     {0, "denied",
      gate_calls(
          "",
          R"({"caller": {"account_id": "gone", "name": null}, "unit_id": "gone", "code": 403, "reason": "no_rule"})")},
     {},
     {"called: A deleted account called A101 (a deleted unit).",
      "no_rule: No rule allowed it, so the call was refused (403).",
      "rules_unknown: Which rules did not apply cannot be told: the directory was changed since."}},
    {"AccountGone",
     {0, "denied",
      gate_calls("",
                 R"({"dialled": "tablet", "unit_id": "a1", "account_id": "gone", "code": 403, "reason": "no_rule"})")},
     {},
     {"called: Front gate called tablet (a deleted account).",
      "no_rule: No rule allowed it, so the call was refused (403).",
      "rules_unknown: Which rules did not apply cannot be told: the directory was changed since."}},
    {"OtherReason",
     {0, "denied", gate_calls("", R"({"code": 503, "reason": "no_media"})")},
     {},
     {kCalled, "denied: The call was refused (503)."}},
    {"TestCallOfASession",
     {0, "denied", gate_calls("", R"({"session_id": "s1", "test": true, "code": 404, "reason": "unknown_number"})")},
     {},
     {kCalled, "test_call: It was a test call, made by the gateway.",
      "session: The caller was signed in from a browser.", "unknown_number: Nobody has that number or name (404)."}},
};

Json told_of(const std::vector<Event>& events, const rules::Tweak& tweak = {}, const char* changed_at = "") {
  return explain(to_call(events), home(tweak), rules::parse_moment(changed_at));
}

std::vector<Event> ringing_then(std::vector<Event> events) {
  events.insert(events.begin(), {{0, "incoming", kRings},
                                 {0, "step", R"({"step": 0})"},
                                 {0.1, "ringing", R"({"by": "hall"})"},
                                 {0.1, "ringing", R"({"by": "kitchen"})"}});
  return events;
}

class Calls : public testing::TestWithParam<Row> {};

TEST_P(Calls, AreExplained) {
  const Json told = told_of(GetParam().events);
  EXPECT_EQ(told.at("call_id"), "c");
  EXPECT_EQ(told.at("outcome"), GetParam().outcome);
  EXPECT_EQ(lines(told), GetParam().sentences);
}

INSTANTIATE_TEST_SUITE_P(Rows, Calls, testing::ValuesIn(kRows), row_name);

class Ends : public testing::TestWithParam<Row> {};

TEST_P(Ends, AreTold) {
  const Json told = told_of(ringing_then(GetParam().events));
  EXPECT_EQ(told.at("outcome"), GetParam().outcome);
  const Lines all = lines(told);
  const auto last_ring = std::ranges::find(all, "rang: Kitchen panel rang.");
  ASSERT_NE(last_ring, all.end());
  EXPECT_EQ(Lines(last_ring + 1, all.end()), GetParam().sentences);
}

INSTANTIATE_TEST_SUITE_P(Rows, Ends, testing::ValuesIn(kEnds), row_name);

class Steps : public testing::TestWithParam<StepRow> {};

TEST_P(Steps, AreTold) { EXPECT_EQ(lines(told_of(first_step(GetParam()))).at(1), GetParam().sentence); }

INSTANTIATE_TEST_SUITE_P(Rows, Steps, testing::ValuesIn(kSteps), row_name);

class Denials : public testing::TestWithParam<DenialRow> {};

TEST_P(Denials, AreExplained) { EXPECT_EQ(lines(told_of({GetParam().event}, GetParam().tweak)), GetParam().sentences); }

INSTANTIATE_TEST_SUITE_P(Rows, Denials, testing::ValuesIn(kDenials), row_name);

TEST(Explanations, NameWhoAnsweredOutside) {
  const auto all = lines(told_of(first_step(kSteps.at(6))));
  EXPECT_EQ(all.at(2), "answered: sip:x@pbx.example.org answered after 1 s.");
}

TEST(Explanations, SayWhenTheDirectoryWasChangedSince) {
  const std::vector<Event> denied{{0, "denied", gate_calls("", R"({"code": 403, "reason": "no_rule"})")}};
  const std::string caveat =
      "directory_changed: The directory was changed after this call; this is what its rules say as they are now.";
  EXPECT_THAT(lines(told_of(denied, {}, "2026-11-22T20:00:01Z")), testing::Contains(caveat));
  EXPECT_THAT(lines(told_of(denied, {}, "2026-11-22T19:59:59Z")), testing::Not(testing::Contains(caveat)));
}

TEST(Explanations, SayWhenTooManyRulesApply) {
  EXPECT_THAT(
      lines(told_of({{0, "incoming", kMailOnly}}, add_rules)),
      testing::Contains("rule_too_many_steps: Rule 20 of Left (@door) came too late: a call has at most 16 steps."));
}

TEST(Explanations, SayWhenTheBeginningIsLost) {
  EXPECT_EQ(lines(told_of({{0, "answered", R"({"by": "hall"})"}, {7, "ended", R"({"reason": "hung_up"})"}})).at(0),
            "beginning_lost: The beginning of this call is not kept any more.");
}

TEST(Explanations, OfStepsThatWereLeftOut) {
  const std::string forward =
      R"({"rule_id": "a1.2", "action": "forward", "ring_seconds": 20, "forward_unit_id": "a2"})";
  const auto all = lines(told_of({{0, "incoming", gate_calls(kRing + "," + forward + "," + kVoicemail)},
                                  {0, "step", R"({"step": 0})"},
                                  {1, "step", R"({"step": 2})"}}));
  EXPECT_THAT(all, testing::Contains("step_skipped: Rule 2 of Left (@door) was skipped: it had nobody left to ring."));
}

TEST(Explanations, HaveParameters) {
  const Json told = told_of(kRows.at(1).events).at("sentences");
  EXPECT_EQ(
      told.at(0).at("parameters"),
      Json::parse(R"({"caller_account_id": "gate", "caller": "Front gate", "dialled": "A101", "called": "Left"})"));
  EXPECT_EQ(told.at(0).at("at"), "2026-11-22T20:00:00.000000Z");
  EXPECT_EQ(told.at(4).at("parameters"),
            Json::parse(R"({"step": 0, "rule_id": "a1.1", "position": 1, "owner": "Left", "source_pattern": "@door",
                            "seconds": 30, "usernames": ["hall", "kitchen"], "names": ["Hall panel", "Kitchen panel"]})"));
  EXPECT_EQ(told.at(5).at("parameters"),
            Json::parse(R"({"username": "kitchen", "name": "Kitchen panel", "since": "2026-11-22T13:02:00.000000Z"})"));
  EXPECT_EQ(told.at(6).at("parameters"), Json::parse(R"({"username": "hall", "name": "Hall panel", "code": 486})"));
  EXPECT_EQ(told.at(7).at("parameters"), Json::parse(R"({"seconds": 30})"));
}

TEST(Explanations, EveryCodeHasARow) {
  std::set<std::string> told;
  const auto note = [&](const Json& explanation) {
    for (const Json& sentence : explanation.at("sentences")) told.insert(sentence.at("code").get<std::string>());
  };
  for (const Row& row : kRows) note(told_of(row.events));
  for (const Row& row : kEnds) note(told_of(ringing_then(row.events)));
  for (const StepRow& row : kSteps) note(told_of(first_step(row)));
  for (const DenialRow& row : kDenials) note(told_of({row.event}, row.tweak));
  const std::set<std::string> tested_alone{"beginning_lost", "directory_changed", "rule_too_many_steps"};
  for (int code = 0; code < kCodeCount; ++code) {
    const std::string name = to_string(static_cast<Code>(code));
    EXPECT_NE(told.contains(name), tested_alone.contains(name)) << name;
  }
}

/// Every member, one after another, becomes something else.
void for_each_spoiled(const Json& whole, const std::function<void(const Json&)>& visit) {
  const Json flat = whole.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    for (const Json& other :
         {Json(), Json(-1), Json(1e300), Json(INT64_MAX), Json("x"), Json::array({1}), Json{{"a", 1}}}) {
      Json spoiled = whole;
      spoiled[Json::json_pointer(pointer)] = other;
      visit(spoiled);
    }
  }
}

TEST(Explanations, OfAnyJsonAreSentences) {
  const rules::Facts facts = home();
  for (const Row& row : kRows) {
    for_each_spoiled(to_call(row.events), [&](const Json& call) {
      const Json told = explain(call, facts, std::nullopt);
      for (const Json& sentence : told.at("sentences")) {
        EXPECT_FALSE(sentence.at("text").get<std::string>().empty());
      }
    });
  }
  for (const Json& none : {Json(), Json(1), Json::array(), Json::object(), Json{{"events", 1}}}) {
    EXPECT_THAT(lines(explain(none, facts, std::nullopt)), testing::SizeIs(1));
  }
}

}  // namespace
}  // namespace neolia::explain

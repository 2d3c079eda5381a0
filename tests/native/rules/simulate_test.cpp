// SPDX-License-Identifier: Apache-2.0
#include "rules/simulate.hpp"

#include <gtest/gtest.h>

#include "model/names.hpp"
#include "model/rows.hpp"
#include "rules/estate.hpp"

namespace neolia::rules {
namespace {

using namespace model;

constexpr Time kSundayNoon{std::chrono::sys_days(std::chrono::January / 7 / 2024) +
                           std::chrono::hours(11)};  // in Paris

/// "ring 30 stop anna hall", "forward 30 stop a2: bea", "forward 30 stop sip:x@y", "voicemail", "reject 603"
std::string text_of(const Step& step) {
  std::string text{to_string(step.action)};
  if (step.ring_seconds != 0) {
    text += " " + std::to_string(step.ring_seconds) + " " + std::string(to_string(step.on_decline));
  }
  if (step.forward_unit_id) text += " " + *step.forward_unit_id + ":";
  for (const std::string& username : step.usernames) text += " " + username;
  if (!step.uri.empty()) text += " " + step.uri;
  if (step.code != 0) text += " " + std::to_string(step.code);
  return text;
}

std::string steps_of(const Simulation& simulation) {
  if (simulation.denial != Denial::none) return to_string(simulation.denial);
  std::string text;
  for (const Step& step : simulation.steps) text += (text.empty() ? "" : "; ") + text_of(step);
  return text;
}

/// "a1.1 matched, home.1 off"
std::string outcomes_of(const Simulation& simulation) {
  std::string text;
  for (const RuleOutcome& outcome : simulation.rules) {
    text += (text.empty() ? "" : ", ") + outcome.rule_id + " " + to_string(outcome.reason);
  }
  return text;
}

struct Row {
  const char* name;
  const char* caller;
  const char* dialled;
  std::vector<Rule> rules;
  const char* steps;
  const char* outcomes;
  Tweak tweak = {};
};

class Simulate : public testing::TestWithParam<Row> {};

TEST_P(Simulate, GivesStepsAndReasons) {
  const Facts facts = make_facts(GetParam().rules, GetParam().tweak);
  const Simulation simulation =
      simulate(facts, facts.account_by_username(GetParam().caller), GetParam().dialled, kSundayNoon);
  EXPECT_EQ(steps_of(simulation), GetParam().steps);
  EXPECT_EQ(outcomes_of(simulation), GetParam().outcomes);
}

Rule off(Rule rule) {
  rule.enabled = false;
  return rule;
}

Rule at(Rule rule, Day day, std::uint16_t from, std::uint16_t to) {
  rule.schedule = Schedule{{Window{{day}, from, to}}};
  return rule;
}

Rule timed(Rule rule, int seconds, OnDecline on_decline) {
  rule.ring_seconds = seconds;
  rule.on_decline = on_decline;
  return rule;
}

const Owner kA1 = of_unit("a1");
const Owner kA2 = of_unit("a2");
const Owner kMain = of_building("ba");
const Owner kHome = of_site("home");

INSTANTIATE_TEST_SUITE_P(
    Order, Simulate,
    testing::Values(Row{"no_rules", "gate", "A101", {}, "no_rule", ""},
                    Row{"one",
                        "gate",
                        "A101",
                        {rule(kA1, 1, "@door", RingAll{})},
                        "ring 30 stop anna hall kitchen",
                        "a1.1 matched"},
                    Row{"unit_then_building_then_site",
                        "gate",
                        "A101",
                        {rule(kHome, 1, "@door", Reject{486}), rule(kMain, 1, "@door", Voicemail{}),
                         rule(kA1, 1, "@door", RingAll{})},
                        "ring 30 stop anna hall kitchen; voicemail; reject 486",
                        "a1.1 matched, ba.1 matched, home.1 matched"},
                    Row{"by_position",
                        "gate",
                        "A101",
                        {rule(kA1, 10, "@door", Voicemail{}), rule(kA1, 9, "@door", RingAll{}),
                         rule(kA1, 2, "@door", Reject{403})},
                        "reject 403; ring 30 stop anna hall kitchen; voicemail",
                        "a1.2 matched, a1.9 matched, a1.10 matched"},
                    Row{"rules_of_others_are_not_looked_at",
                        "gate",
                        "A101",
                        {rule(kA2, 1, "@site", RingAll{}), rule(of_building("bb"), 1, "@site", RingAll{}),
                         rule(of_site("other"), 1, "@site", RingAll{})},
                        "no_rule",
                        ""},
                    Row{"off", "gate", "A101", {off(rule(kA1, 1, "@door", RingAll{}))}, "no_rule", "a1.1 off"},
                    Row{"seconds_and_decline",
                        "gate",
                        "A101",
                        {timed(rule(kA1, 1, "@door", RingAll{}), 120, OnDecline::proceed)},
                        "ring 120 continue anna hall kitchen",
                        "a1.1 matched"},
                    Row{"in_time",
                        "gate",
                        "A101",
                        {at(rule(kA1, 1, "@door", RingAll{}), Day::sun, 12 * 60, 13 * 60)},
                        "ring 30 stop anna hall kitchen",
                        "a1.1 matched"},
                    Row{"other_time",
                        "gate",
                        "A101",
                        {at(rule(kA1, 1, "@door", RingAll{}), Day::sun, 11 * 60, 12 * 60)},
                        "no_rule",
                        "a1.1 other_time"},
                    Row{"source_before_time",
                        "gate",
                        "A101",
                        {at(rule(kA1, 1, "@unit", RingAll{}), Day::mon, 0, 1)},
                        "no_rule",
                        "a1.1 other_source"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Nobody, Simulate,
    testing::Values(Row{"caller_is_left_out",
                        "hall",
                        "101",
                        {rule(kA1, 1, "@unit", RingAll{})},
                        "ring 30 stop anna kitchen",
                        "a1.1 matched"},
                    Row{"caller_alone_in_the_unit",
                        "bea",
                        "102",
                        {rule(kA2, 1, "@unit", RingAll{})},
                        "no_rule",
                        "a2.1 nobody_to_ring"},
                    Row{"doors_of_the_unit_are_not_rung",
                        "bea",
                        "101",
                        {rule(kA1, 1, "@building", RingAll{})},
                        "ring 30 stop anna hall kitchen",
                        "a1.1 matched"},
                    Row{"off_accounts_are_not_rung",
                        "gate",
                        "A101",
                        {rule(kA1, 1, "@door", RingAll{})},
                        "ring 30 stop anna kitchen",
                        "a1.1 matched",
                        [](Objects& all) { switch_off(all, "hall"); }},
                    Row{"all_off",
                        "gate",
                        "A102",
                        {rule(kA2, 1, "@door", RingAll{}), rule(kA2, 2, "@door", Voicemail{})},
                        "voicemail",
                        "a2.1 nobody_to_ring, a2.2 matched",
                        [](Objects& all) { switch_off(all, "bea"); }},
                    Row{"named",
                        "gate",
                        "A101",
                        {rule(kA1, 1, "@door", RingAccounts{{"kitchen", "anna"}})},
                        "ring 30 stop anna kitchen",
                        "a1.1 matched"},
                    Row{"named_some_off",
                        "gate",
                        "A101",
                        {rule(kA1, 1, "@door", RingAccounts{{"kitchen", "anna"}})},
                        "ring 30 stop anna",
                        "a1.1 matched",
                        [](Objects& all) { switch_off(all, "kitchen"); }},
                    Row{"named_all_off",
                        "gate",
                        "A101",
                        {rule(kA1, 1, "@door", RingAccounts{{"kitchen"}})},
                        "no_rule",
                        "a1.1 nobody_to_ring",
                        [](Objects& all) { switch_off(all, "kitchen"); }},
                    Row{"named_is_the_caller",
                        "kitchen",
                        "101",
                        {rule(kA1, 1, "@unit", RingAccounts{{"kitchen"}})},
                        "no_rule",
                        "a1.1 nobody_to_ring"},
                    Row{"do_not_disturb_drops_rings_only",
                        "gate",
                        "A101",
                        {rule(kA1, 1, "@door", RingAll{}), rule(kA1, 2, "@door", RingAccounts{{"hall"}}),
                         rule(kA1, 3, "@door", ForwardAccount{"bea"}), rule(kMain, 1, "@door", RingAll{}),
                         rule(kHome, 1, "@door", Voicemail{})},
                        "forward 30 stop bea; voicemail",
                        "a1.1 do_not_disturb, a1.2 do_not_disturb, a1.3 matched, ba.1 do_not_disturb, home.1 matched",
                        [](Objects& all) { disturb_not(all, "a1"); }}),
    row_name);

INSTANTIATE_TEST_SUITE_P(Forward, Simulate,
                         testing::Values(Row{"to_an_account",
                                             "gate",
                                             "A101",
                                             {rule(kA1, 1, "@door", ForwardAccount{"carl"})},
                                             "forward 30 stop carl",
                                             "a1.1 matched"},
                                         Row{"to_a_door",
                                             "bea",
                                             "101",
                                             {rule(kA1, 1, "@building", ForwardAccount{"gate"})},
                                             "forward 30 stop gate",
                                             "a1.1 matched"},
                                         Row{"to_an_account_that_is_off",
                                             "gate",
                                             "A101",
                                             {rule(kA1, 1, "@door", ForwardAccount{"carl"})},
                                             "no_rule",
                                             "a1.1 nobody_to_ring",
                                             [](Objects& all) { switch_off(all, "carl"); }},
                                         Row{"to_an_account_not_to_disturb",
                                             "gate",
                                             "A101",
                                             {rule(kA1, 1, "@door", ForwardAccount{"carl"})},
                                             "no_rule",
                                             "a1.1 do_not_disturb",
                                             [](Objects& all) { disturb_not(all, "b1"); }},
                                         Row{"to_a_door_of_a_unit_not_to_disturb",
                                             "bea",
                                             "101",
                                             {rule(kA1, 1, "@site", ForwardAccount{"door-a1"})},
                                             "forward 30 stop door-a1",
                                             "a1.1 matched",
                                             [](Objects& all) { disturb_not(all, "a1"); }},
                                         Row{"to_the_caller",
                                             "bea",
                                             "101",
                                             {rule(kA1, 1, "@building", ForwardAccount{"bea"})},
                                             "no_rule",
                                             "a1.1 nobody_to_ring"},
                                         Row{"to_a_unit_without_its_rules",
                                             "gate",
                                             "A101",
                                             {rule(kA1, 1, "@door", ForwardUnit{"a2"}),
                                              rule(kA2, 1, "@site", Voicemail{})},
                                             "forward 30 stop a2: bea",
                                             "a1.1 matched"},
                                         Row{"to_a_unit_not_to_disturb",
                                             "gate",
                                             "A101",
                                             {rule(kA1, 1, "@door", ForwardUnit{"a2"})},
                                             "no_rule",
                                             "a1.1 do_not_disturb",
                                             [](Objects& all) { disturb_not(all, "a2"); }},
                                         Row{"to_a_unit_of_the_caller_alone",
                                             "bea",
                                             "101",
                                             {rule(kA1, 1, "@building", ForwardUnit{"a2"})},
                                             "no_rule",
                                             "a1.1 nobody_to_ring"},
                                         Row{"to_the_called_unit_itself",
                                             "hall",
                                             "101",
                                             {rule(kA1, 1, "@unit", ForwardUnit{"a1"})},
                                             "forward 30 stop a1: anna kitchen",
                                             "a1.1 matched"},
                                         Row{"to_a_uri",
                                             "gate",
                                             "A101",
                                             {rule(kA1, 1, "@door", ForwardUri{"sip:desk@pbx.example.org"})},
                                             "forward 30 stop sip:desk@pbx.example.org",
                                             "a1.1 matched"}),
                         row_name);

std::vector<Rule> site_rules(int count, const Target& target) {
  std::vector<Rule> rules;
  for (int position = 1; position <= count; ++position) rules.push_back(rule(kHome, position, "@site", target));
  return rules;
}

TEST(SimulateLimit, TakesSixteenSteps) {
  const Facts facts = make_facts(site_rules(18, Voicemail{}));
  const Simulation simulation = simulate(facts, facts.account("gate"), "a101", kSundayNoon);
  EXPECT_EQ(simulation.steps.size(), 16U);
  ASSERT_EQ(simulation.rules.size(), 18U);
  EXPECT_EQ(simulation.rules[15].reason, RuleReason::matched);
  EXPECT_EQ(simulation.rules[16].reason, RuleReason::too_many_steps);
  EXPECT_EQ(simulation.rules[17].reason, RuleReason::too_many_steps);
}

TEST(SimulateLimit, CountsNoStepThatWasDropped) {
  std::vector<Rule> rules = site_rules(20, Voicemail{});
  for (int i = 0; i < 10; ++i) rules[static_cast<std::size_t>(i)].target = RingAll{};
  const Facts facts = make_facts(rules, [](Objects& all) { disturb_not(all, "a1"); });
  EXPECT_EQ(simulate(facts, facts.account("gate"), "a101", kSundayNoon).steps.size(), 10U);
}

INSTANTIATE_TEST_SUITE_P(
    Accounts, Simulate,
    testing::Values(Row{"rings_that_account_only",
                        "gate",
                        "hall",
                        {rule(kA1, 1, "@door", RingAll{})},
                        "ring 30 stop hall",
                        "a1.1 matched"},
                    Row{"named_others_ring_that_account_too",
                        "gate",
                        "hall",
                        {rule(kA1, 1, "@door", RingAccounts{{"anna"}})},
                        "ring 30 stop hall",
                        "a1.1 matched"},
                    Row{"named_others_are_off",
                        "gate",
                        "hall",
                        {rule(kA1, 1, "@door", RingAccounts{{"anna"}})},
                        "no_rule",
                        "a1.1 nobody_to_ring",
                        [](Objects& all) { switch_off(all, "anna"); }},
                    Row{"building_and_site_rules_too",
                        "gate",
                        "hall",
                        {rule(kMain, 1, "@site", RingAll{}), rule(kHome, 1, "@site", Voicemail{})},
                        "ring 30 stop hall; voicemail",
                        "ba.1 matched, home.1 matched"},
                    Row{"off_account_forwards_still",
                        "gate",
                        "hall",
                        {rule(kA1, 1, "@door", RingAll{}), rule(kA1, 2, "@door", ForwardUnit{"a2"})},
                        "forward 30 stop a2: bea",
                        "a1.1 nobody_to_ring, a1.2 matched",
                        [](Objects& all) { switch_off(all, "hall"); }},
                    Row{"not_to_disturb",
                        "gate",
                        "hall",
                        {rule(kA1, 1, "@door", RingAll{})},
                        "no_rule",
                        "a1.1 do_not_disturb",
                        [](Objects& all) { disturb_not(all, "a1"); }},
                    Row{"itself", "hall", "hall", {rule(kA1, 1, "@unit", RingAll{})}, "no_rule", "a1.1 nobody_to_ring"},
                    Row{"no_rules", "anna", "hall", {}, "no_rule", ""}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Doors, Simulate,
    testing::Values(
        Row{"of_the_site_by_anybody", "carl", "gate", {}, "ring 60 stop gate", ""},
        Row{"of_a_building_by_its_units", "bea", "door-a", {}, "ring 60 stop door-a", ""},
        Row{"of_a_building_by_others", "carl", "door-a", {}, "no_rule", ""},
        Row{"of_a_unit_by_it", "anna", "door-a1", {}, "ring 60 stop door-a1", ""},
        Row{"of_a_unit_by_neighbours", "bea", "door-a1", {}, "no_rule", ""},
        Row{"by_a_door", "door-a", "gate", {}, "no_rule", ""},
        Row{"by_a_door_of_the_unit", "door-a1", "door-a1", {}, "no_rule", ""},
        Row{"rules_do_not_matter", "carl", "gate", {rule(kHome, 1, "@site", Reject{486})}, "ring 60 stop gate", ""},
        Row{"do_not_disturb_does_not_matter",
            "anna",
            "door-a1",
            {},
            "ring 60 stop door-a1",
            "",
            [](Objects& all) { disturb_not(all, "a1"); }},
        Row{"off", "carl", "gate", {}, "unknown_number", "", [](Objects& all) { switch_off(all, "gate"); }}),
    row_name);

INSTANTIATE_TEST_SUITE_P(Callers, Simulate,
                         testing::Values(Row{"unknown", "nobody", "101", {}, "unknown_caller", ""},
                                         Row{"off",
                                             "gate",
                                             "A101",
                                             {rule(kA1, 1, "@door", RingAll{})},
                                             "caller_disabled",
                                             "",
                                             [](Objects& all) { switch_off(all, "gate"); }},
                                         Row{"unknown_number", "gate", "999", {}, "unknown_number", ""}),
                         row_name);

struct SourceRow {
  const char* name;
  const char* pattern;
  const char* matching;  ///< of all accounts of the site, the callers of unit a1 that match, sorted
};

class Source : public testing::TestWithParam<SourceRow> {};

TEST_P(Source, MatchesTheseCallers) {
  const Facts facts = make_facts({rule(kA1, 1, GetParam().pattern, Voicemail{})});
  std::string matching;
  for (const char* caller : {"anna", "bea", "carl", "door-a", "door-a1", "door-b", "gate", "hall", "kitchen", "otto"}) {
    const Simulation simulation = simulate(facts, facts.account(caller), "a101", kSundayNoon);
    if (!simulation.steps.empty()) matching += (matching.empty() ? "" : " ") + std::string(caller);
  }
  EXPECT_EQ(matching, GetParam().matching);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Source,
    testing::Values(SourceRow{"door", "@door", "door-a door-a1 gate"},
                    SourceRow{"unit", "@unit", "anna door-a1 hall kitchen"},
                    SourceRow{"building", "@building", "anna bea door-a door-a1 hall kitchen"},
                    SourceRow{"site", "@site", "anna bea carl door-a door-a1 door-b gate hall kitchen"},
                    SourceRow{"name", "bea", "bea"}, SourceRow{"star", "door*", "door-a door-a1 door-b"},
                    SourceRow{"question_mark", "door-?", "door-a door-b"},
                    SourceRow{"everybody", "*", "anna bea carl door-a door-a1 door-b gate hall kitchen"},
                    SourceRow{"part_of_a_name", "be", ""}, SourceRow{"other_site", "otto", ""}),
    row_name);

}  // namespace
}  // namespace neolia::rules

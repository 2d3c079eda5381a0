// SPDX-License-Identifier: Apache-2.0
#include "rules/compile.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/rows.hpp"
#include "rules/estate.hpp"

namespace neolia::rules {
namespace {

using namespace model;
using std::chrono_literals::operator""h;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

/// Readable keys: the estate's ids in order, rules of unit a1 from 901.
Key key_of(const Id& id) {
  static const std::map<Id, Key> kKeys{
      {"home", 1},      {"other", 2},    {"ba", 11},      {"bb", 12},     {"bo", 13},       {"a1", 21},
      {"a2", 22},       {"b1", 23},      {"o1", 24},      {"hall", 101},  {"kitchen", 102}, {"anna", 103},
      {"door-a1", 104}, {"bea", 105},    {"door-a", 106}, {"carl", 107},  {"door-b", 108},  {"gate", 109},
      {"otto", 110},    {"door-o", 111}, {"a1.1", 901},   {"a1.2", 902},  {"a1.3", 903},    {"ba.1", 911},
      {"home.1", 921},  {"a2.1", 931},   {"b1.1", 941},   {"home.2", 922}};
  return kKeys.at(id);
}

const Time kSundayNoon{std::chrono::sys_days(std::chrono::January / 7 / 2024) + 11h};  // in Paris
const Owner kA1 = of_unit("a1");

Tables compile_estate(const std::vector<Rule>& rules = {}, const Tweak& tweak = {}) {
  return compile(make_facts(rules, tweak), "sip.example.org", key_of, kSundayNoon);
}

TEST(CompileDial, HasEveryNumberAndUsername) {
  EXPECT_THAT(compile_estate().dial,
              ElementsAre(Pair("b11:101", "u 21 11 1"), Pair("b11:102", "u 22 11 1"), Pair("b12:101", "u 23 12 1"),
                          Pair("b13:101", "u 24 13 2"), Pair("s1:a101", "u 21 11 1"), Pair("s1:a102", "u 22 11 1"),
                          Pair("s1:anna", "a 103 m 21 11 1 anna"), Pair("s1:b101", "u 23 12 1"),
                          Pair("s1:bea", "a 105 p 22 11 1 bea"), Pair("s1:carl", "a 107 m 23 12 1 carl"),
                          Pair("s1:door-a", "a 106 d 0 11 1 door-a"), Pair("s1:door-a1", "a 104 d 21 11 1 door-a1"),
                          Pair("s1:door-b", "a 108 d 0 12 1 door-b"), Pair("s1:gate", "a 109 d 0 0 1 gate"),
                          Pair("s1:hall", "a 101 p 21 11 1 hall"), Pair("s1:kitchen", "a 102 p 21 11 1 kitchen"),
                          Pair("s2:101", "u 24 13 2"), Pair("s2:a101", "u 24 13 2"),
                          Pair("s2:door-o", "a 111 d 0 13 2 door-o"), Pair("s2:otto", "a 110 p 24 13 2 otto")));
}

TEST(CompileDial, LeavesOutDoorsThatAreOff) {
  const Tables tables = compile_estate({}, [](Objects& all) {
    switch_off(all, "gate");
    switch_off(all, "hall");
  });
  EXPECT_FALSE(tables.dial.contains("s1:gate"));
  EXPECT_TRUE(tables.dial.contains("s1:hall"));
}

TEST(CompileTargets, AreThePanelsAndMobilesThatMayRing) {
  const Tables tables = compile_estate({}, [](Objects& all) {
    switch_off(all, "hall");
    disturb_not(all, "a2");
  });
  EXPECT_THAT(tables.targets, ElementsAre(Pair("u21", "anna kitchen"), Pair("u23", "carl"), Pair("u24", "otto")));
}

TEST(CompileSubscribers, AreTheAccountsThatAreOn) {
  const Tables tables = compile_estate({}, [](Objects& all) { switch_off(all, "hall"); });
  EXPECT_EQ(tables.subscribers.size(), 10U);
  EXPECT_FALSE(tables.subscribers.contains("hall"));
  const Subscriber anna{"anna", "sip.example.org", {"md5-anna", "sha-anna"}, 103, AccountKind::mobile, 21, 11, 1};
  const Subscriber gate{"gate", "sip.example.org", {"md5-gate", "sha-gate"}, 109, AccountKind::door, 0, 0, 1};
  EXPECT_EQ(tables.subscribers.at("anna"), anna);
  EXPECT_EQ(tables.subscribers.at("gate"), gate);
}

struct Row {
  const char* name;
  Rule rule;
  const char* compiled;  ///< "" when it is left out
  Tweak tweak = {};
};

class CompileRule : public testing::TestWithParam<Row> {};

TEST_P(CompileRule, Writes) {
  const Tables tables = compile_estate({GetParam().rule}, GetParam().tweak);
  const auto found = tables.rules.find("u21");
  EXPECT_EQ(found == tables.rules.end() ? "" : found->second, GetParam().compiled);
}

Rule timed(Rule rule, int seconds, OnDecline on_decline) {
  rule.ring_seconds = seconds;
  rule.on_decline = on_decline;
  return rule;
}

Rule at(Rule rule, std::uint16_t from, std::uint16_t to) {
  rule.schedule = Schedule{{Window{{Day::sun}, from, to}}};
  return rule;
}

INSTANTIATE_TEST_SUITE_P(Sources, CompileRule,
                         testing::Values(Row{"door", rule(kA1, 1, "@door", Voicemail{}), "d[ubs]:*~901~v,,,"},
                                         Row{"unit", rule(kA1, 1, "@unit", Voicemail{}), "?u:*~901~v,,,"},
                                         Row{"building", rule(kA1, 1, "@building", Voicemail{}), "?[ubn]:*~901~v,,,"},
                                         Row{"site", rule(kA1, 1, "@site", Voicemail{}), "??:*~901~v,,,"},
                                         Row{"glob", rule(kA1, 1, "door-?*", Voicemail{}), "??:door-?*~901~v,,,"}),
                         row_name);

INSTANTIATE_TEST_SUITE_P(
    Steps, CompileRule,
    testing::Values(
        Row{"ring_all", rule(kA1, 1, "@site", RingAll{}), "??:*~901~r,30,s,*"},
        Row{"ring_all_of_a_unit_not_to_disturb", rule(kA1, 1, "@site", RingAll{}), "??:*~901~r,30,s,*",
            [](Objects& all) { disturb_not(all, "a1"); }},
        Row{"seconds_and_decline", timed(rule(kA1, 1, "@site", RingAll{}), 120, OnDecline::proceed),
            "??:*~901~r,120,c,*"},
        Row{"ring_named", rule(kA1, 1, "@site", RingAccounts{{"kitchen", "anna"}}), "??:*~901~r,30,s,anna kitchen"},
        Row{"ring_named_some_off", rule(kA1, 1, "@site", RingAccounts{{"kitchen", "anna"}}), "??:*~901~r,30,s,anna",
            [](Objects& all) { switch_off(all, "kitchen"); }},
        Row{"ring_named_all_off", rule(kA1, 1, "@site", RingAccounts{{"kitchen"}}), "",
            [](Objects& all) { switch_off(all, "kitchen"); }},
        Row{"ring_named_not_to_disturb", rule(kA1, 1, "@site", RingAccounts{{"kitchen"}}), "",
            [](Objects& all) { disturb_not(all, "a1"); }},
        Row{"forward_to_an_account", rule(kA1, 1, "@site", ForwardAccount{"carl"}), "??:*~901~f,30,s,acarl"},
        Row{"forward_to_an_account_that_is_off", rule(kA1, 1, "@site", ForwardAccount{"carl"}), "",
            [](Objects& all) { switch_off(all, "carl"); }},
        Row{"forward_to_an_account_not_to_disturb", rule(kA1, 1, "@site", ForwardAccount{"carl"}), "",
            [](Objects& all) { disturb_not(all, "b1"); }},
        Row{"forward_to_a_unit", rule(kA1, 1, "@site", ForwardUnit{"a2"}), "??:*~901~f,30,s,u22"},
        Row{"forward_to_a_unit_not_to_disturb", rule(kA1, 1, "@site", ForwardUnit{"a2"}), "??:*~901~f,30,s,u22",
            [](Objects& all) { disturb_not(all, "a2"); }},
        Row{"forward_to_a_uri", rule(kA1, 1, "@site", ForwardUri{"sip:desk@pbx.example.org"}),
            "??:*~901~f,30,s,xsip:desk@pbx.example.org"},
        Row{"voicemail", rule(kA1, 1, "@site", Voicemail{}), "??:*~901~v,,,"},
        Row{"reject", rule(kA1, 1, "@site", Reject{486}), "??:*~901~j,,,486"},
        Row{"in_time", at(rule(kA1, 1, "@site", Voicemail{}), 720, 780), "??:*~901~v,,,"},
        Row{"other_time", at(rule(kA1, 1, "@site", Voicemail{}), 660, 720), ""},
        Row{"off", rule(kA1, 1, "@site", Voicemail{}), "", [](Objects& all) { all.rules[0].enabled = false; }}),
    row_name);

TEST(CompileRules, JoinsThemByPositionForEachOwner) {
  const Tables tables =
      compile_estate({rule(kA1, 3, "@site", RingAll{}), rule(kA1, 1, "@door", Reject{403}),
                      rule(of_building("ba"), 1, "@door", Voicemail{}), rule(of_site("home"), 1, "@unit", RingAll{})});
  EXPECT_THAT(tables.rules, ElementsAre(Pair("b11", "d[ubs]:*~911~v,,,"), Pair("s1", "?u:*~921~r,30,s,*"),
                                        Pair("u21", "d[ubs]:*~901~j,,,403|??:*~903~r,30,s,*")));
}

/// A compiler that holds the estate with some rules.
class CompilerTest : public testing::Test {
 protected:
  Compiler make(const std::vector<Rule>& rules = {}) {
    Compiler compiler("sip.example.org", key_of, kSundayNoon);
    Change all{estate(), {}};
    all.put.rules = rules;
    (void)compiler.apply(all, kSundayNoon);
    return compiler;
  }

  static void expect_whole(const Compiler& compiler, Time at) {
    EXPECT_EQ(compiler.tables(), compile(compiler.facts(), "sip.example.org", key_of, at));
  }
};

TEST_F(CompilerTest, StartsWithNothing) {
  const Compiler compiler("sip.example.org", key_of, kSundayNoon);
  EXPECT_EQ(compiler.tables(), Tables{});
  EXPECT_EQ(compiler.next_boundary(), std::nullopt);
}

TEST_F(CompilerTest, TakesTheWholeEstate) { expect_whole(make(), kSundayNoon); }

TEST_F(CompilerTest, WritesOneEntryForOneRule) {
  Compiler compiler = make();
  Change change;
  change.put.rules = {rule(of_site("home"), 1, "@door", RingAll{})};
  const TablesChange difference = compiler.apply(change, kSundayNoon);
  Tables expected;
  expected.rules = {{"s1", "d[ubs]:*~921~r,30,s,*"}};
  EXPECT_EQ(difference.put, expected);
  EXPECT_EQ(difference.removed, TablesChange::Removed{});
}

TEST_F(CompilerTest, WritesNothingForNames) {
  Compiler compiler = make();
  Change change{estate(), {}};
  for (Building& building : change.put.buildings) building.name = "Renamed";
  for (Unit& unit : change.put.units) unit.name = "Renamed";
  for (Account& account : change.put.accounts) account.name = "Renamed";
  for (Door& door : change.put.doors) door.name = "Renamed";
  EXPECT_EQ(compiler.apply(change, kSundayNoon), TablesChange{});
}

TEST_F(CompilerTest, DeletesTheEntriesOfAnAccountThatGoes) {
  Compiler compiler = make();
  Change change;
  change.removed.accounts = {"bea"};
  const TablesChange difference = compiler.apply(change, kSundayNoon);
  EXPECT_EQ(difference.put, Tables{});
  EXPECT_THAT(difference.removed.subscribers, ElementsAre("bea"));
  EXPECT_THAT(difference.removed.dial, ElementsAre("s1:bea"));
  EXPECT_THAT(difference.removed.targets, ElementsAre("u22"));
  EXPECT_THAT(difference.removed.rules, IsEmpty());
}

TEST_F(CompilerTest, OpensAndClosesTheNumbersOfASingleBuilding) {
  Compiler compiler = make();
  Change change;
  change.removed = {{}, {"bb"}, {"b1"}, {"carl", "door-b"}, {}, {}};
  EXPECT_THAT(compiler.apply(change, kSundayNoon).put.dial,
              ElementsAre(Pair("s1:101", "u 21 11 1"), Pair("s1:102", "u 22 11 1")));
  Change back;
  back.put.buildings = {estate().buildings[1]};
  EXPECT_THAT(compiler.apply(back, kSundayNoon).removed.dial, ElementsAre("s1:101", "s1:102"));
  expect_whole(compiler, kSundayNoon);
}

TEST_F(CompilerTest, FollowsWhatRulesName) {
  Compiler compiler = make(
      {rule(of_unit("a2"), 1, "@site", ForwardAccount{"carl"}), rule(kA1, 1, "@site", RingAccounts{{"hall", "anna"}})});
  Change change;
  change.put.units = {{"b1", "bb", "Loft", "101", true}};
  EXPECT_THAT(compiler.apply(change, kSundayNoon).removed.rules, ElementsAre("u22"));
  change = {};
  change.put.accounts = {account("hall", AccountKind::panel, kA1)};
  change.put.accounts[0].username = "salon";
  EXPECT_THAT(compiler.apply(change, kSundayNoon).put.rules, ElementsAre(Pair("u21", "??:*~901~r,30,s,anna salon")));
  expect_whole(compiler, kSundayNoon);
}

TEST_F(CompilerTest, ChangesAtBoundariesOnly) {
  Compiler compiler =
      make({at(rule(kA1, 1, "@site", Voicemail{}), 13 * 60, 14 * 60), rule(kA1, 2, "@site", Reject{486})});
  const Time start = kSundayNoon + 1h;
  EXPECT_EQ(compiler.next_boundary(), start);
  EXPECT_EQ(compiler.apply({}, start - std::chrono::seconds(1)), TablesChange{});
  EXPECT_THAT(compiler.apply({}, start).put.rules, ElementsAre(Pair("u21", "??:*~901~v,,,|??:*~902~j,,,486")));
  EXPECT_EQ(compiler.next_boundary(), start + 1h);
  EXPECT_THAT(compiler.apply({}, start + 1h).put.rules, ElementsAre(Pair("u21", "??:*~902~j,,,486")));
  EXPECT_EQ(compiler.next_boundary(), start + 7 * 24h);
}

TEST_F(CompilerTest, FollowsAClockThatIsSetBack) {
  Compiler compiler = make({at(rule(kA1, 1, "@site", Voicemail{}), 12 * 60, 14 * 60)});
  EXPECT_THAT(compiler.apply({}, kSundayNoon - 1h).removed.rules, ElementsAre("u21"));
  EXPECT_EQ(compiler.next_boundary(), kSundayNoon);
}

TEST_F(CompilerTest, FollowsTheTimeZoneOfTheSite) {
  Compiler compiler = make({at(rule(kA1, 1, "@site", Voicemail{}), 12 * 60, 13 * 60)});
  Change change;
  change.put.sites = {estate().sites[0]};
  change.put.sites[0].time_zone = "UTC";
  EXPECT_THAT(compiler.apply(change, kSundayNoon).removed.rules, ElementsAre("u21"));
  EXPECT_EQ(compiler.next_boundary(), kSundayNoon + 1h);
}

TEST_F(CompilerTest, ForgetsTheBoundariesOfRulesThatGo) {
  Compiler compiler = make({at(rule(kA1, 1, "@site", Voicemail{}), 13 * 60, 14 * 60)});
  Change change;
  change.removed.rules = {"a1.1"};
  (void)compiler.apply(change, kSundayNoon);
  EXPECT_EQ(compiler.next_boundary(), std::nullopt);
}

TEST(ApplyTablesChange, LeadsFromOneToTheOther) {
  Tables tables = compile_estate();
  TablesChange change;
  change.put.dial = {{"s1:new", "u 21 11 1"}};
  change.put.targets = {{"u22", "bea hall"}};
  change.removed.subscribers = {"hall"};
  change.removed.dial = {"s1:hall"};
  apply(tables, change);
  EXPECT_EQ(tables.dial.at("s1:new"), "u 21 11 1");
  EXPECT_EQ(tables.targets.at("u22"), "bea hall");
  EXPECT_FALSE(tables.subscribers.contains("hall"));
  EXPECT_FALSE(tables.dial.contains("s1:hall"));
}

}  // namespace
}  // namespace neolia::rules

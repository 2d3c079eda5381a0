// SPDX-License-Identifier: Apache-2.0
#include "rules/consistency.hpp"

#include <gtest/gtest.h>

#include "model/rows.hpp"
#include "rules/estate.hpp"

namespace neolia::rules {
namespace {

using namespace model;
using Edit = std::function<void(Change&)>;

/// The estate with some rules, and a change to it.
struct Row {
  const char* name;
  std::vector<Rule> rules;
  Edit edit;
  const char* findings;  ///< "code noun id path", several separated by ", "
};

class Check : public testing::TestWithParam<Row> {};

TEST_P(Check, NamesWhatDoesNotFit) {
  Facts facts = make_facts(GetParam().rules);
  Change change;
  GetParam().edit(change);
  const Change inverse = facts.apply(change);
  std::string found;
  for (const Finding& finding : check(facts, change, inverse)) {
    found += (found.empty() ? "" : ", ") + std::string(to_string(finding.field.code)) + " " + finding.noun + " " +
             finding.object_id + " " + finding.field.path;
    EXPECT_FALSE(finding.field.message.empty());
  }
  EXPECT_EQ(found, GetParam().findings);
}

TEST_P(Check, OfEveryObjectAsksWhetherFactsAreConsistent) {
  Facts facts = make_facts(GetParam().rules);
  Change change;
  GetParam().edit(change);
  facts.apply(change);
  Change everything;
  for_each_noun([&](const auto& noun) {
    for (const auto& object : facts.all<typename std::decay_t<decltype(noun)>::Object>()) {
      noun.objects(everything.put).push_back(object);
    }
  });
  EXPECT_EQ(are_consistent(facts), check(facts, everything, {}).empty());
}

Edit put(Site site) {
  return [=](Change& change) { change.put.sites.push_back(site); };
}
Edit put(Building building) {
  return [=](Change& change) { change.put.buildings.push_back(building); };
}
Edit put(Unit unit) {
  return [=](Change& change) { change.put.units.push_back(unit); };
}
Edit put(Account account) {
  return [=](Change& change) { change.put.accounts.push_back(account); };
}
Edit put(Door door) {
  return [=](Change& change) { change.put.doors.push_back(door); };
}
Edit put(Rule rule) {
  return [=](Change& change) { change.put.rules.push_back(rule); };
}
Edit remove(std::vector<Id> ObjectIds::*noun, std::vector<Id> ids) {
  return [=](Change& change) { change.removed.*noun = ids; };
}
Edit both(const Edit& first, const Edit& second) {
  return [=](Change& change) {
    first(change);
    second(change);
  };
}
Account named(Account account, std::string username) {
  account.username = std::move(username);
  return account;
}

const auto kPanel = AccountKind::panel;
const auto kDoor = AccountKind::door;
const Owner kA1 = of_unit("a1");
const Rule kRingsHall = rule(kA1, 1, "@door", RingAccounts{{"hall"}});
const Rule kForwardsToBea = rule(kA1, 1, "@door", ForwardAccount{"bea"});
const Rule kForwardsToA2 = rule(kA1, 1, "@door", ForwardUnit{"a2"});
const Rule kForwardsAway = rule(kA1, 1, "@door", ForwardUri{"sip:desk@pbx.example.org"});
const Site kHomeSite{"home", "Home", "Europe/Paris", "192.168.1.2", {"pbx.example.org"}};

INSTANTIATE_TEST_SUITE_P(
    Parents, Check,
    testing::Values(
        Row{"nothing", {}, [](Change&) {}, ""},
        Row{"building_of_no_site", {}, put(Building{"new", "nowhere", "New", "N"}), "not_found building new site_id"},
        Row{"unit_of_no_building",
            {},
            put(Unit{"new", "nowhere", "New", "1", false}),
            "not_found unit new building_id"},
        Row{"account_of_no_unit", {}, put(account("new", kPanel, of_unit("nowhere"))), "not_found account new owner"},
        Row{"account_of_another_noun", {}, put(account("new", kPanel, of_unit("ba"))), "not_found account new owner"},
        Row{"door_of_no_account",
            {},
            put(Door{"new", "nowhere", "New", OpenByDtmf{"1"}}),
            "not_found door new account_id"},
        Row{"rule_of_nobody",
            {},
            put(rule(of_unit("nowhere"), 1, "@door", RingAll{})),
            "not_found rule nowhere.1 owner"},
        Row{"new_parent_in_the_same_change",
            {},
            both(put(Unit{"u", "new", "U", "1", false}), put(Building{"new", "home", "New", "N"})),
            ""},
        Row{"id_of_another_noun", {}, put(Unit{"ba", "ba", "New", "7", false}), "duplicate unit ba id"},
        Row{"id_twice",
            {},
            both(put(Unit{"new", "ba", "New", "7", false}), put(Unit{"new", "ba", "New", "8", false})),
            "duplicate unit new id"},
        Row{"unknown_time_zone",
            {},
            put(Site{"new", "New", "Europe/Atlantis", "a.org", {}}),
            "format site new time_zone"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Numbers, Check,
    testing::Values(
        Row{"code_twice", {}, put(Building{"new", "home", "New", "a"}), "duplicate building new code"},
        Row{"code_in_another_site", {}, put(Building{"new", "other", "New", "B"}), ""},
        Row{"number_twice", {}, put(Unit{"new", "ba", "New", "101", false}), "duplicate unit new number"},
        Row{"number_twice_but_for_case",
            {},
            both(put(Unit{"x", "ba", "X", "7a", false}), put(Unit{"y", "ba", "Y", "7A", false})),
            "duplicate unit x number, duplicate unit y number"},
        Row{"number_in_another_building", {}, put(Unit{"new", "bb", "New", "102", false}), ""},
        Row{"same_form_of_another_building",
            {},
            both(put(Building{"new", "home", "New", "A1"}), put(Unit{"u", "new", "U", "01", false})),
            "duplicate unit u number"},
        Row{"same_form_in_another_site",
            {},
            both(put(Building{"new", "other", "New", "B"}), put(Unit{"u", "new", "U", "101", false})),
            ""},
        Row{"new_code_makes_the_same_form",
            {},
            both(both(put(Building{"new", "home", "New", "C"}), put(Unit{"u", "new", "U", "1101", false})),
                 put(Building{"bb", "home", "Annex", "C1"})),
            "duplicate building bb code, duplicate unit u number"},
        Row{"numbers_swapped",
            {},
            both(put(Unit{"a1", "ba", "Left", "102", false}), put(Unit{"a2", "ba", "Right", "101", false})),
            ""},
        Row{"codes_swapped",
            {},
            both(put(Building{"ba", "home", "Main", "B"}), put(Building{"bb", "home", "Annex", "A"})),
            ""},
        Row{"username_twice", {}, put(named(account("new", kPanel, kA1), "otto")), "duplicate account new username"},
        Row{"username_is_a_number",
            {},
            put(named(account("new", kPanel, kA1), "101")),
            "duplicate account new username"},
        Row{"username_is_a_number_of_another_building",
            {},
            put(named(account("new", kPanel, of_unit("b1")), "102")),
            "duplicate account new username"},
        Row{"username_is_a_form",
            {},
            put(named(account("new", kPanel, kA1), "b101")),
            "duplicate account new username"},
        Row{"username_is_a_number_of_another_site", {}, put(named(account("new", kPanel, of_unit("o1")), "102")), ""},
        Row{"number_is_a_username", {}, put(Unit{"new", "ba", "New", "HALL", false}), "duplicate unit new number"},
        Row{"number_is_a_username_of_another_site", {}, put(Unit{"new", "ba", "New", "otto", false}), ""},
        Row{"form_is_a_username", {}, put(Unit{"new", "bb", "New", "ea", false}), "duplicate unit new number"},
        Row{"new_code_makes_a_username",
            {},
            both(put(named(account("new", kPanel, kA1), "x101")), put(Building{"bb", "home", "Annex", "X"})),
            "duplicate building bb code, duplicate account new username"}),
    row_name);

Edit panels(int count) {
  return [=](Change& change) {
    for (int i = 0; i < count; ++i)
      change.put.accounts.push_back(account("p" + std::to_string(i), kPanel, of_unit("a2")));
  };
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Check,
    testing::Values(Row{"panel_of_a_building",
                        {},
                        put(account("new", kPanel, of_building("ba"))),
                        "wrong_kind account new owner.type"},
                    Row{"mobile_of_a_site",
                        {},
                        put(account("new", AccountKind::mobile, of_site("home"))),
                        "wrong_kind account new owner.type"},
                    Row{"door_of_anything",
                        {},
                        both(put(account("x", kDoor, of_building("ba"))), put(account("y", kDoor, kA1))),
                        ""},
                    Row{"door_through_a_panel",
                        {},
                        put(Door{"new", "hall", "New", OpenByDtmf{"1"}}),
                        "wrong_kind door new account_id"},
                    Row{"panel_that_has_doors", {}, put(account("gate", kPanel, kA1)), "in_use account gate kind"},
                    Row{"fifteen_more_panels", {}, panels(15), ""},
                    Row{"doors_do_not_count", {}, both(panels(15), put(account("new", kDoor, of_unit("a2")))), ""},
                    Row{"seventeenth_panel",
                        {},
                        both(panels(15), put(account("new", AccountKind::mobile, of_unit("a2")))),
                        "too_many account p0 owner, too_many account p1 owner, too_many account p2 owner, "
                        "too_many account p3 owner, too_many account p4 owner, too_many account p5 owner, "
                        "too_many account p6 owner, too_many account p7 owner, too_many account p8 owner, "
                        "too_many account p9 owner, too_many account p10 owner, too_many account p11 owner, "
                        "too_many account p12 owner, too_many account p13 owner, too_many account p14 owner, "
                        "too_many account new owner"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(Targets, Check,
                         testing::Values(Row{"position_twice",
                                             {},
                                             both(put(rule(kA1, 1, "@door", RingAll{})),
                                                  [](Change& change) {
                                                    Rule second = rule(kA1, 1, "@door", Voicemail{});
                                                    second.id = "second";
                                                    change.put.rules.push_back(second);
                                                  }),
                                             "duplicate rule a1.1 position, duplicate rule second position"},
                                         Row{"ring_no_account",
                                             {},
                                             put(rule(kA1, 1, "@door", RingAccounts{{"hall", "nobody"}})),
                                             "not_found rule a1.1 target.account_ids[1]"},
                                         Row{"ring_an_account_of_another_unit",
                                             {},
                                             put(rule(kA1, 1, "@door", RingAccounts{{"bea"}})),
                                             "not_found rule a1.1 target.account_ids[0]"},
                                         Row{"ring_a_door",
                                             {},
                                             put(rule(kA1, 1, "@door", RingAccounts{{"door-a1"}})),
                                             "wrong_kind rule a1.1 target.account_ids[0]"},
                                         Row{"ring_named_by_a_building",
                                             {},
                                             put(rule(of_building("ba"), 1, "@door", RingAccounts{{"hall"}})),
                                             "wrong_kind rule ba.1 target.type"},
                                         Row{"forward_to_no_account",
                                             {},
                                             put(rule(kA1, 1, "@door", ForwardAccount{"nobody"})),
                                             "not_found rule a1.1 target.account_id"},
                                         Row{"forward_to_an_account_of_another_site",
                                             {},
                                             put(rule(kA1, 1, "@door", ForwardAccount{"otto"})),
                                             "other_site rule a1.1 target.account_id"},
                                         Row{"forward_to_no_unit",
                                             {},
                                             put(rule(kA1, 1, "@door", ForwardUnit{"nowhere"})),
                                             "not_found rule a1.1 target.unit_id"},
                                         Row{"forward_to_a_unit_of_another_site",
                                             {},
                                             put(rule(kA1, 1, "@door", ForwardUnit{"o1"})),
                                             "other_site rule a1.1 target.unit_id"},
                                         Row{"forward_to_a_domain_not_allowed",
                                             {},
                                             put(rule(kA1, 1, "@door", ForwardUri{"sip:x@evil.example.org"})),
                                             "not_found rule a1.1 target.uri"},
                                         Row{"forward_within_the_site",
                                             {},
                                             both(put(rule(kA1, 1, "@door", ForwardAccount{"carl"})),
                                                  put(rule(kA1, 2, "@door", ForwardUri{"sip:x@pbx.example.org"}))),
                                             ""}),
                         row_name);

Site with_domains(std::vector<std::string> domains) {
  Site site = kHomeSite;
  site.allowed_domains = std::move(domains);
  return site;
}

INSTANTIATE_TEST_SUITE_P(
    Uses, Check,
    testing::Values(
        Row{"domain_still_used", {kForwardsAway}, put(with_domains({})), "in_use site home allowed_domains"},
        Row{"domain_not_used", {}, put(with_domains({})), ""},
        Row{"domain_added", {kForwardsAway}, put(with_domains({"pbx.example.org", "more.example.org"})), ""},
        Row{"domain_and_rule_go",
            {kForwardsAway},
            both(put(with_domains({})), remove(&ObjectIds::rules, {"a1.1"})),
            ""},
        Row{"named_account_goes", {kRingsHall}, remove(&ObjectIds::accounts, {"hall"}), "in_use account hall "},
        Row{"named_account_and_rule_go",
            {kRingsHall},
            both(remove(&ObjectIds::accounts, {"hall"}), remove(&ObjectIds::rules, {"a1.1"})),
            ""},
        Row{"forward_account_goes", {kForwardsToBea}, remove(&ObjectIds::accounts, {"bea"}), "in_use account bea "},
        Row{"forward_unit_goes",
            {kForwardsToA2},
            both(remove(&ObjectIds::units, {"a2"}), remove(&ObjectIds::accounts, {"bea"})),
            "in_use unit a2 "},
        Row{"unit_goes_without_its_accounts", {}, remove(&ObjectIds::units, {"a2"}), "in_use unit a2 "},
        Row{"door_account_goes_without_its_door", {}, remove(&ObjectIds::accounts, {"gate"}), "in_use account gate "},
        Row{"unknown_id_goes", {}, remove(&ObjectIds::accounts, {"nobody"}), ""},
        Row{"named_account_moves",
            {kRingsHall},
            put(account("hall", kPanel, of_unit("a2"))),
            "in_use account hall owner"},
        Row{"named_account_becomes_a_door", {kRingsHall}, put(account("hall", kDoor, kA1)), "in_use account hall kind"},
        Row{"forward_account_moves", {kForwardsToBea}, put(account("bea", kPanel, of_unit("b1"))), ""},
        Row{"forward_account_becomes_a_door", {kForwardsToBea}, put(account("bea", kDoor, of_unit("a2"))), ""}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Moves, Check,
    testing::Values(Row{"building", {}, put(Building{"bb", "other", "Annex", "B"}), "other_site building bb site_id"},
                    Row{"unit", {}, put(Unit{"a2", "bo", "Right", "102", false}), "other_site unit a2 building_id"},
                    Row{"unit_within_the_site", {}, put(Unit{"a2", "bb", "Right", "102", false}), ""},
                    Row{"account", {}, put(account("bea", kPanel, of_unit("o1"))), "other_site account bea owner"},
                    Row{"account_within_the_site", {}, put(account("gate", kDoor, of_unit("b1"))), ""},
                    Row{"door",
                        {},
                        put(Door{"gate-door", "door-o", "Gate", OpenByDtmf{"1"}}),
                        "other_site door gate-door account_id"},
                    Row{"rule",
                        {rule(kA1, 1, "@door", RingAll{})},
                        [](Change& change) {
                          Rule moved = rule(of_unit("o1"), 1, "@door", RingAll{});
                          moved.id = "a1.1";
                          change.put.rules.push_back(moved);
                        },
                        "other_site rule a1.1 owner"},
                    Row{"account_into_a_new_building",
                        {},
                        both(put(Building{"new", "home", "New", "N"}), put(account("gate", kDoor, of_building("new")))),
                        ""},
                    Row{"account_out_of_a_site_that_goes",
                        {},
                        both([](Change& change) { change.removed = {{"other"}, {"bo"}, {"o1"}, {"door-o"}, {}, {}}; },
                             put(account("otto", kPanel, kA1))),
                        "other_site account otto owner"}),
    row_name);

TEST(CheckMessages, SayWhatIsInTheWay) {
  Facts facts = make_facts({kForwardsToA2});
  Change change;
  change.removed = {{}, {}, {"a2"}, {"bea"}, {}, {}};
  const Change inverse = facts.apply(change);
  const std::vector<Finding> findings = check(facts, change, inverse);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].field.message, "Is a target of rule 1 of unit 101.");
}

}  // namespace
}  // namespace neolia::rules

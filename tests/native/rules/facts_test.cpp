// SPDX-License-Identifier: Apache-2.0
#include "rules/facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/contained.hpp"
#include "rules/estate.hpp"

namespace neolia::rules {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::string name_of(const auto* object) { return object == nullptr ? "" : object->name; }
std::string id_of(const auto* object) { return object == nullptr ? "" : object->id; }

std::vector<std::string> ids_of(const auto& objects) {
  std::vector<std::string> ids;
  for (const auto* object : objects) ids.push_back(object->id);
  return ids;
}

TEST(Facts, FindByIdAndUsername) {
  const Facts facts = make_facts();
  EXPECT_EQ(name_of(facts.site("home")), "Home");
  EXPECT_EQ(name_of(facts.door("gate-door")), "Gate");
  EXPECT_EQ(id_of(facts.account_by_username("hall")), "hall");
  EXPECT_EQ(facts.unit("hall"), nullptr) << "of another noun";
  EXPECT_EQ(facts.account_by_username("nobody"), nullptr);
}

TEST(Facts, ListTheObjectsOfAParentInOrder) {
  const Facts facts = make_facts(
      {rule(of_unit("a1"), 11, "@site", model::Voicemail{}), rule(of_unit("a1"), 2, "@site", model::Voicemail{})});
  EXPECT_THAT(ids_of(facts.buildings_of("home")), ElementsAre("ba", "bb"));
  EXPECT_THAT(ids_of(facts.units_of("ba")), ElementsAre("a1", "a2"));
  EXPECT_THAT(ids_of(facts.accounts_of("a1")), ElementsAre("anna", "door-a1", "hall", "kitchen"));
  EXPECT_THAT(ids_of(facts.doors_of("gate")), ElementsAre("gate-door"));
  EXPECT_THAT(ids_of(facts.rules_of("a1")), ElementsAre("a1.2", "a1.11"));
  EXPECT_THAT(ids_of(facts.units_by_number("ba", "101")), ElementsAre("a1"));
  EXPECT_THAT(ids_of(facts.units_by_number("101")), ElementsAre("a1", "b1", "o1"));
  EXPECT_THAT(ids_of(facts.buildings_by_code("home", "b")), ElementsAre("bb"));
}

TEST(Facts, KnowWhoNamesWhat) {
  const Facts facts = make_facts({rule(of_unit("a1"), 1, "@site", model::RingAccounts{{"hall", "anna"}}),
                                  rule(of_unit("a2"), 1, "@site", model::ForwardAccount{"hall"}),
                                  rule(of_unit("b1"), 1, "@site", model::ForwardUnit{"a1"}),
                                  rule(of_site("home"), 1, "@site", model::ForwardUri{"sip:x@pbx.example.org"})});
  EXPECT_THAT(ids_of(facts.rules_naming("hall")), ElementsAre("a1.1", "a2.1"));
  EXPECT_THAT(ids_of(facts.rules_naming("a1")), ElementsAre("b1.1"));
  EXPECT_THAT(ids_of(facts.rules_naming("pbx.example.org")), ElementsAre("home.1"));
  EXPECT_THAT(ids_of(facts.rules_naming("kitchen")), IsEmpty());
}

TEST(Facts, KnowWhatStandsAbove) {
  const Facts facts = make_facts();
  EXPECT_EQ(id_of(facts.unit_of(of_unit("a1"))), "a1");
  EXPECT_EQ(facts.unit_of(of_building("ba")), nullptr);
  EXPECT_EQ(id_of(facts.building_of(of_unit("b1"))), "bb");
  EXPECT_EQ(facts.building_of(of_site("home")), nullptr);
  EXPECT_EQ(id_of(facts.site_of(of_unit("o1"))), "other");
  EXPECT_EQ(facts.site_of(of_unit("missing")), nullptr);
}

TEST(FactsApply, MovesAnObjectBetweenIndices) {
  Facts facts = make_facts();
  model::Change change;
  change.put.accounts = {account("hall", model::AccountKind::panel, of_unit("a2"))};
  change.put.accounts[0].username = "salon";
  (void)facts.apply(change);
  EXPECT_THAT(ids_of(facts.accounts_of("a1")), ElementsAre("anna", "door-a1", "kitchen"));
  EXPECT_THAT(ids_of(facts.accounts_of("a2")), ElementsAre("bea", "hall"));
  EXPECT_EQ(facts.account_by_username("hall"), nullptr);
  EXPECT_EQ(id_of(facts.account_by_username("salon")), "hall");
}

TEST(FactsApply, ReturnsTheInverse) {
  Facts facts = make_facts();
  model::Change change;
  change.put.units = {{"a1", "ba", "Renamed", "103", true}, {"a3", "ba", "New", "104", false}};
  change.removed.accounts = {"carl", "missing"};
  const model::Change inverse = facts.apply(change);
  EXPECT_THAT(ids_of(facts.units_of("ba")), ElementsAre("a2", "a1", "a3"));
  EXPECT_EQ(inverse.put.units.size(), 1U);
  EXPECT_THAT(inverse.removed.units, ElementsAre("a3"));
  EXPECT_EQ(inverse.put.accounts.size(), 1U);
  EXPECT_THAT(inverse.removed.accounts, IsEmpty());
  (void)facts.apply(inverse);
  EXPECT_THAT(facts.unit("a1"), testing::Pointee(estate().units[0]));
  EXPECT_EQ(facts.unit("a3"), nullptr);
  EXPECT_EQ(name_of(facts.account("carl")), "carl");
}

TEST(FactsApply, UndoesAnObjectThatCameTwice) {
  for (const bool is_new : {false, true}) {
    Facts facts = make_facts();
    const std::string id = is_new ? "a3" : "a1";
    model::Change change;
    change.put.units = {{id, "ba", "First", "103", false}, {id, "ba", "Second", "104", false}};
    const model::Change inverse = facts.apply(change);
    EXPECT_EQ(name_of(facts.unit(id)), "Second");
    (void)facts.apply(inverse);
    if (is_new) {
      EXPECT_EQ(facts.unit(id), nullptr);
    } else {
      EXPECT_EQ(name_of(facts.unit(id)), "Left");
    }
    EXPECT_THAT(ids_of(facts.units_by_number("103")), IsEmpty());
  }
}

TEST(FactsApply, RemovesWhatIsPutAndRemovedAtOnce) {
  Facts facts = make_facts();
  model::Change change;
  change.put.units = {{"a1", "ba", "Renamed", "101", false}};
  change.removed.units = {"a1"};
  const model::Change inverse = facts.apply(change);
  EXPECT_EQ(facts.unit("a1"), nullptr);
  (void)facts.apply(inverse);
  EXPECT_EQ(name_of(facts.unit("a1")), "Left");
}

TEST(Contained, IsEverythingBelow) {
  const Facts facts = make_facts({rule(of_unit("a1"), 1, "@site", model::RingAll{}),
                                  rule(of_building("ba"), 1, "@site", model::RingAll{}),
                                  rule(of_site("home"), 1, "@site", model::RingAll{})});
  const model::ObjectIds unit = contained(facts, {{}, {}, {"a1"}, {}, {}, {}});
  EXPECT_THAT(unit.units, ElementsAre("a1"));
  EXPECT_THAT(unit.accounts, UnorderedElementsAre("hall", "kitchen", "anna", "door-a1"));
  EXPECT_THAT(unit.rules, ElementsAre("a1.1"));
  EXPECT_THAT(unit.buildings, IsEmpty());

  const model::ObjectIds site = contained(facts, {{"home"}, {}, {}, {}, {}, {}});
  EXPECT_THAT(site.buildings, UnorderedElementsAre("ba", "bb"));
  EXPECT_THAT(site.units, UnorderedElementsAre("a1", "a2", "b1"));
  EXPECT_EQ(site.accounts.size(), 9U);
  EXPECT_THAT(site.doors, ElementsAre("gate-door"));
  EXPECT_EQ(site.rules.size(), 3U);
}

TEST(Contained, NamesEachIdOnceAndNoUnknownOnes) {
  const Facts facts = make_facts();
  const model::ObjectIds ids = contained(facts, {{}, {"ba", "missing", "ba"}, {"a1", "a1"}, {}, {}, {}});
  EXPECT_THAT(ids.buildings, ElementsAre("ba"));
  EXPECT_THAT(ids.units, UnorderedElementsAre("a1", "a2"));
}

}  // namespace
}  // namespace neolia::rules

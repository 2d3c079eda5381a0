// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/rows.hpp"
#include "rules/estate.hpp"
#include "rules/simulate.hpp"

namespace neolia::rules {
namespace {

struct Row {
  const char* name;
  const char* caller;
  std::string dialled;
  const char* called;  ///< the id of the unit or account; "" for none
  Tweak tweak = {};
};

class Dial : public testing::TestWithParam<Row> {};

TEST_P(Dial, Reaches) {
  const Facts facts = make_facts({}, GetParam().tweak);
  const Simulation simulation = simulate(facts, facts.account(GetParam().caller), GetParam().dialled, Time{});
  const Called& called = simulation.called;
  const std::string id = called.account != nullptr ? called.account->id : called.unit != nullptr ? called.unit->id : "";
  EXPECT_EQ(id, GetParam().called);
}

void keep_one_building(model::Objects& all) {
  std::erase_if(all.buildings, [](const auto& building) { return building.id == "bb"; });
  std::erase_if(all.units, [](const auto& unit) { return unit.id == "b1"; });
  std::erase_if(all.accounts, [](const auto& each) { return each.id == "carl" || each.id == "door-b"; });
}

void shadow(model::Objects& all) {  // dialled A101, this unit's number comes before code + number of a1
  all.units.push_back({"shadow", "ba", "Shadow", "A101", false});
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Dial,
    testing::Values(
        Row{"own_building", "bea", "101", "a1"}, Row{"own_building_of_another", "carl", "101", "b1"},
        Row{"own_building_of_a_door", "door-b", "101", "b1"}, Row{"no_number_from_the_site", "gate", "101", ""},
        Row{"code_and_number", "gate", "A101", "a1"}, Row{"another_building", "bea", "B101", "b1"},
        Row{"case_folded", "gate", "a101", "a1"}, Row{"username", "gate", "hall", "hall"},
        Row{"username_in_capitals", "gate", "HALL", "hall"}, Row{"username_of_another_building", "bea", "carl", "carl"},
        Row{"number_of_another_building", "carl", "102", ""}, Row{"username_of_another_site", "gate", "otto", ""},
        Row{"nothing", "gate", "", ""}, Row{"code_alone", "gate", "A", ""}, Row{"text_around", "bea", " 101", ""},
        Row{"very_long", "gate", std::string(10'000'000, '1'), ""},
        Row{"nul_inside", "bea", std::string("101\0", 4), ""}, Row{"not_ascii", "gate", "h\xC3\xA4ll", ""},
        Row{"one_building", "gate", "101", "a1", keep_one_building},
        Row{"one_building_with_code", "gate", "A101", "a1", keep_one_building},
        Row{"own_number_before_code_and_number", "bea", "A101", "shadow", shadow},
        Row{"code_and_number_from_afar", "gate", "A101", "a1", shadow},
        Row{"code_and_number_before_the_number_alone", "gate", "A101", "a1",
            [](model::Objects& all) {
              keep_one_building(all);
              shadow(all);
            }},
        Row{"number_in_capitals", "bea", "12-B", "b12",
            [](model::Objects& all) {
              all.units.push_back({"b12", "ba", "12", "12-b", false});
            }},
        Row{"off_panel_is_found", "gate", "hall", "hall", [](model::Objects& all) { switch_off(all, "hall"); }},
        Row{"off_door_is_not", "hall", "gate", "", [](model::Objects& all) { switch_off(all, "gate"); }}),
    row_name);

}  // namespace
}  // namespace neolia::rules

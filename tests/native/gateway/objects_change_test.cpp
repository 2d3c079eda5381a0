// SPDX-License-Identifier: Apache-2.0
#include "gateway/objects_change.hpp"

#include <gmock/gmock.h>

#include "gateway/example.hpp"

namespace neolia::gateway {
namespace {

std::string written(const rules::Facts& facts) { return snapshot::write(example::kDirectory, 1, facts); }

class ObjectsChangeTest : public testing::Test {
 protected:
  ObjectsChangeTest() { facts_.apply({example::objects(3), {}}); }

  rules::Facts facts_;
};

TEST_F(ObjectsChangeTest, EqualObjectsAreNoChange) {
  EXPECT_EQ(difference(facts_, example::objects(3)), model::Change());
}

TEST_F(ObjectsChangeTest, LeadsToExactlyTheObjects) {
  auto objects = example::objects(4);
  objects.units.erase(objects.units.begin());
  objects.units.back().name = "Renamed";
  objects.rules.clear();
  const auto change = difference(facts_, objects);
  EXPECT_EQ(change.put.units.size(), 1U);
  EXPECT_EQ(change.removed.units, std::vector{example::unit_id(1)});
  EXPECT_EQ(change.removed.rules, std::vector{example::rule_id()});
  facts_.apply(change);
  EXPECT_EQ(written(facts_), example::whole(1, objects));
}

TEST_F(ObjectsChangeTest, InverseRestores) {
  const auto before = written(facts_);
  model::Change change;
  change.put.units = {example::unit(1), example::unit(9)};
  change.put.units[0].do_not_disturb = true;
  change.removed.accounts = {example::panel_id(2), example::id(4, 777)};
  const auto inverse = inverse_of(facts_, change);
  facts_.apply(change);
  EXPECT_NE(written(facts_), before);
  facts_.apply(inverse);
  EXPECT_EQ(written(facts_), before);
}

}  // namespace
}  // namespace neolia::gateway

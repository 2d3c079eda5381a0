// SPDX-License-Identifier: Apache-2.0
#include "snapshot/document.hpp"

namespace neolia::snapshot {
namespace {

TEST(Whole, ReadsAsItWasWritten) {
  const auto read = snapshot::read(text_of(snapshot()), kLimit);
  ASSERT_TRUE(read) << fields_of(read.error());
  EXPECT_EQ(*read, snapshot());
}

TEST(Whole, IsTheFormOfTheContract) {
  const Json json = Json::parse(text_of(snapshot()));
  EXPECT_EQ(json["format"], 1);
  EXPECT_EQ(json["revision"], 7);
  EXPECT_EQ(json["directory"], Json({{"id", id("DD")}, {"name", "Home"}, {"realm", "home.example"}}));
  EXPECT_EQ(json["accounts"][0]["ha1_md5"], std::string(32, 'a'));
  EXPECT_EQ(json["units"][0], model::to_json(objects().units[0]));
  EXPECT_EQ(json.size(), 9U);
}

TEST(Whole, OfEqualFactsIsEqualText) {
  Snapshot turned = snapshot();
  std::ranges::reverse(turned.objects.units);
  std::ranges::reverse(turned.objects.accounts);
  EXPECT_EQ(text_of(turned), text_of(snapshot()));
}

TEST(Whole, OfNothingHasAllItsLists) {
  const Snapshot empty{{id("DD"), "Home", "home.example"}, 0, {}};
  const auto read = snapshot::read(text_of(empty), kLimit);
  ASSERT_TRUE(read) << fields_of(read.error());
  EXPECT_EQ(*read, empty);
}

TEST(Whole, OfManyObjectsIsComplete) {
  Snapshot many = snapshot();
  for (int i = 1000; i < 1300; ++i) {
    many.objects.units.push_back({id("M" + std::to_string(i)), id("B1"), "Unit", std::to_string(i), false});
  }
  std::ranges::sort(many.objects.units, {}, &model::Unit::id);
  const auto read = snapshot::read(text_of(many), kLimit);
  ASSERT_TRUE(read) << fields_of(read.error());
  EXPECT_EQ(*read, many);
}

TEST(PartOfIt, ReadsAsItWasWritten) {
  const auto read = read_changes(write(changes()), kLimit);
  ASSERT_TRUE(read) << fields_of(read.error());
  EXPECT_EQ(*read, changes());
}

TEST(PartOfIt, IsTheFormOfTheContract) {
  const Json json = Json::parse(write(changes()));
  EXPECT_EQ(json["directory_id"], id("DD"));
  EXPECT_EQ(json["base_revision"], 7);
  EXPECT_EQ(json["revision"], 9);
  EXPECT_EQ(json["changed"]["units"].size(), 2U);
  EXPECT_EQ(json["removed"]["rules"], Json({id("R8"), id("R9")}));
  EXPECT_EQ(json["removed"]["sites"], Json::array());
}

}  // namespace
}  // namespace neolia::snapshot

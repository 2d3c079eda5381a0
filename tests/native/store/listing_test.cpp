// SPDX-License-Identifier: Apache-2.0
#include "store/listing.hpp"

#include "model/rows.hpp"
#include "store/estate.hpp"

namespace neolia::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Listing : public DirectoryTest {
 protected:
  template <typename Object>
  std::vector<Id> ids(const Json& filter = {}) {
    std::vector<Id> found;
    const auto listed = list<Object>(directory->facts(), filter);
    EXPECT_TRUE(listed);
    for (const Json& object : *listed) found.push_back(object["id"]);
    return found;
  }
};

TEST_F(Listing, GivesEverythingInTheOrderOfIds) {
  EXPECT_THAT(ids<model::Site>(), ElementsAre(site));
  EXPECT_THAT(ids<model::Account>(), testing::UnorderedElementsAre(gate, hall));
  const auto all = ids<model::Rule>();
  EXPECT_THAT(all, SizeIs(3));
  EXPECT_TRUE(std::ranges::is_sorted(all));
}

TEST_F(Listing, GivesTheObjectsOfAParent) {
  const Id door = must(create("door", {{"account_id", gate}, {"name", "G"}, {"method", "dtmf"}, {"dtmf_code", "1"}}));
  EXPECT_THAT(ids<model::Building>({{"site_id", site}}), ElementsAre(building));
  EXPECT_THAT(ids<model::Unit>({{"building_id", building}}), ElementsAre(unit));
  EXPECT_THAT(ids<model::Account>({{"owner", owner("unit", unit)}}), ElementsAre(hall));
  EXPECT_THAT(ids<model::Account>({{"owner", owner("site", site)}}), ElementsAre(gate));
  EXPECT_THAT(ids<model::Door>({{"account_id", gate}}), ElementsAre(door));
  EXPECT_THAT(ids<model::Rule>({{"owner", owner("site", site)}}), SizeIs(3));
  EXPECT_THAT(ids<model::Rule>({{"owner", owner("unit", unit)}}), IsEmpty());
  EXPECT_THAT(ids<model::Unit>({{"building_id", "nothing"}}), IsEmpty());
}

TEST_F(Listing, HasNoCredentials) {
  EXPECT_EQ(list<model::Account>(directory->facts(), {})->dump().find("ha1"), std::string::npos);
}

struct Row {
  const char* name;
  Json filter;
  const char* fields;  ///< of a list of accounts
};

const std::vector<Row> kRefused{
    {"Text", "all", "type filter"},
    {"List", Json::array(), "type filter"},
    {"Unknown", {{"kind", "door"}}, "unknown filter.kind"},
    {"OwnerText", {{"owner", "x"}}, "type filter.owner"},
    {"OwnerEmpty",
     {{"owner", Json::object()}},
     "format filter.owner.type, required filter.owner.id, required filter.owner.type"},
    {"OwnerTypes",
     {{"owner", {{"type", 1}, {"id", 2}}}},
     "format filter.owner.type, type filter.owner.id, type filter.owner.type"},
    {"OwnerWord", {{"owner", {{"type", "floor"}, {"id", "x"}}}}, "format filter.owner.type"},
    {"OwnerMember", {{"owner", {{"type", "unit"}, {"id", "x"}, {"name", "n"}}}}, "unknown filter.owner.name"},
};

class RefusedFilter : public testing::TestWithParam<Row> {};

TEST_P(RefusedFilter, IsNamed) {
  const auto refused = list<model::Account>(rules::Facts(), GetParam().filter);
  ASSERT_FALSE(refused);
  EXPECT_EQ(fields_of(refused.error()), GetParam().fields);
}

INSTANTIATE_TEST_SUITE_P(Rows, RefusedFilter, testing::ValuesIn(kRefused), row_name);

TEST(RefusedFilters, OfSitesAreAll) {
  const auto refused = list<model::Site>(rules::Facts(), {{"site_id", "x"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(fields_of(refused.error()), "unknown filter");
}

}  // namespace
}  // namespace neolia::store

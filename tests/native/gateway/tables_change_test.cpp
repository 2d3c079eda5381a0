// SPDX-License-Identifier: Apache-2.0
#include "gateway/tables_change.hpp"

#include <gmock/gmock.h>

namespace neolia::gateway {
namespace {

rules::Tables tables(std::map<std::string, std::string> dial, std::map<std::string, std::string> targets = {}) {
  rules::Tables made;
  made.dial = std::move(dial);
  made.targets = std::move(targets);
  return made;
}

TEST(TablesChange, LeadsFromOneToTheOther) {
  auto before = tables({{"a", "1"}, {"b", "2"}, {"c", "3"}}, {{"u1", "x"}});
  before.subscribers["old"].username = "old";
  auto after = tables({{"a", "1"}, {"b", "9"}, {"d", "4"}});
  after.subscribers["new"].username = "new";
  const auto change = difference(before, after);
  EXPECT_EQ(change.put.dial, (std::map<std::string, std::string>{{"b", "9"}, {"d", "4"}}));
  EXPECT_EQ(change.removed.dial, std::set<std::string>{"c"});
  EXPECT_EQ(count_entries(change), 4U);
  rules::apply(before, change);
  EXPECT_EQ(before, after);
}

TEST(TablesChange, OfEqualsIsEmpty) {
  const auto same = tables({{"a", "1"}});
  EXPECT_TRUE(is_empty(difference(same, same)));
  EXPECT_FALSE(is_empty(difference(same, tables({}))));
}

TEST(TablesChange, CredentialsAloneCount) {
  rules::Tables with;
  with.subscribers["a"].username = "a";
  EXPECT_FALSE(is_empty(difference({}, with)));
  EXPECT_EQ(count_entries(difference({}, with)), 0U);
}

}  // namespace
}  // namespace neolia::gateway

// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/keys.hpp"

#include <gmock/gmock.h>

#include "gateway/example.hpp"

namespace neolia::gateway::state {
namespace {

TEST(Keys, EverythingThatKamailioNamesGetsItsOwn) {
  Keys keys({}, 0);
  auto objects = example::objects(2);
  keys.assign(objects);
  std::set<rules::Key> used;
  for (const auto& [id, key] : keys.unsaved()) {
    EXPECT_EQ(keys.of(id), key);
    EXPECT_EQ(keys.id_of(key), id);
    used.insert(key);
  }
  EXPECT_EQ(used.size(), 1U + 1U + 2U + 3U + 1U);
  EXPECT_EQ(keys.last(), *used.rbegin());
}

TEST(Keys, StayTheSame) {
  Keys keys({{example::site_id(), 7}}, 0);
  keys.assign(example::objects(1));
  EXPECT_EQ(keys.of(example::site_id()), 7);
  const auto before = keys.unsaved();
  keys.assign(example::objects(1));
  EXPECT_EQ(keys.unsaved(), before);
}

TEST(Keys, NewOnesAreAboveAllThatWereEverUsed) {
  Keys above_known({{example::site_id(), 41}}, 0);
  above_known.assign(example::objects(1));
  EXPECT_EQ(above_known.unsaved().front().second, 42);
  Keys above_used({}, 100);
  above_used.assign(example::objects(1));
  EXPECT_EQ(above_used.unsaved().front().second, 101);
}

TEST(Keys, UnknownIsNothing) {
  const Keys keys({}, 0);
  EXPECT_EQ(keys.of("x"), 0);
  EXPECT_EQ(keys.id_of(0), "");
  EXPECT_EQ(keys.id_of(-1), "");
}

}  // namespace
}  // namespace neolia::gateway::state

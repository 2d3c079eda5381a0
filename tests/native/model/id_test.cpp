// SPDX-License-Identifier: Apache-2.0
#include "model/id.hpp"

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "model/rows.hpp"

namespace neolia::model {
namespace {

TEST(MakeId, MakesIds) { EXPECT_TRUE(is_id(make_id())); }

TEST(MakeId, StartsWithTheTime) {
  const Id earlier = make_id();
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_LT(earlier.substr(0, 10), make_id().substr(0, 10));
}

TEST(MakeId, RepeatsNothingOnSeveralThreads) {
  constexpr std::size_t kPerThread = 20'000;
  std::vector<std::vector<Id>> made(4);
  {
    std::vector<std::jthread> threads;
    for (auto& ids : made) {
      threads.emplace_back([&ids] { std::generate_n(std::back_inserter(ids), kPerThread, make_id); });
    }
  }
  std::set<Id> unique;
  for (const auto& ids : made) unique.insert(ids.begin(), ids.end());
  EXPECT_EQ(unique.size(), made.size() * kPerThread);
}

struct Row {
  const char* name;
  std::string_view text;
  bool is_id;
};

class IsId : public testing::TestWithParam<Row> {};

TEST_P(IsId, Decides) { EXPECT_EQ(is_id(GetParam().text), GetParam().is_id); }

INSTANTIATE_TEST_SUITE_P(Rows, IsId,
                         testing::Values(Row{"ulid", "01ARZ3NDEKTSV4RRFFQ69G5FAV", true},
                                         Row{"largest", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", true},
                                         Row{"past_128_bits", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", false},
                                         Row{"lower_case", "01arz3ndektsv4rrffq69g5fav", false},
                                         Row{"letter_u", "01ARZ3NDEKTSV4RRFFQ69G5FAU", false}, Row{"empty", "", false},
                                         Row{"too_short", "01ARZ3NDEKTSV4RRFFQ69G5FA", false},
                                         Row{"too_long", "01ARZ3NDEKTSV4RRFFQ69G5FAVV", false},
                                         Row{"with_a_space", "01ARZ3NDEKTSV4RRFFQ69G5FA ", false}),
                         row_name);

}  // namespace
}  // namespace neolia::model

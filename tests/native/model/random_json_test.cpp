// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/examples.hpp"
#include "model/seeded.hpp"

namespace neolia::model {
namespace {

/// Values of every JSON type, among them many that some field would take.
Json random_value(std::mt19937_64& random, int depth = 0) {
  static const std::vector<std::string> kTexts{
      "",      "a",    "mon",  "unit",   "all",       "ring", "uri", "sip:a@b.org", "a.b", "401",  "@door",
      "07:30", "http", "dtmf", "reject", "http://a/", "\xFF", "*",   kExampleId,    "UTC", "code", "accounts"};
  static const std::vector<std::string> kNames{"id",  "type", "account_ids", "account_id",    "unit_id",
                                               "uri", "code", "windows",     "days",          "from",
                                               "to",  "name", "target",      "source_pattern"};
  switch (pick(random, 0, depth > 3 ? 4 : 7)) {
    case 0:
      return nullptr;
    case 1:
      return chance(random, 50);
    case 2:
      return pick(random, -5, 700);
    case 3:
      return 1.5;
    case 4:
      return pick_from(random, kTexts);
    case 5:
      return Json::array();
    case 6: {
      Json list = Json::array();
      for (int i = pick(random, 1, 4); i > 0; --i) list.push_back(random_value(random, depth + 1));
      return list;
    }
    default: {
      Json object = Json::object();
      for (int i = pick(random, 0, 4); i > 0; --i) {
        object[pick_from(random, kNames)] = random_value(random, depth + 1);
      }
      return object;
    }
  }
}

class RandomJson : public Seeded {};

TEST_F(RandomJson, IsRefusedOrReadsTheSameAgain) {
  constexpr const char* kNounNames[] = {"site", "building", "unit", "account", "account_with_credentials",
                                        "door", "rule"};
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    const char* const noun = pick_from(random(), kNounNames);
    Json fields = example(noun);
    for (auto& [name, value] : fields.items()) {
      if (chance(random(), 25)) value = random_value(random());
    }
    const Outcome first = read_noun(noun, fields);
    if (!first.errors.empty()) continue;
    ++taken;
    const Outcome second = read_noun(noun, first.written);
    ASSERT_THAT(second.errors, testing::IsEmpty()) << first.written;
    ASSERT_EQ(second.written, first.written);
    ASSERT_NO_THROW((void)first.written.dump());
  }
  EXPECT_GT(taken, 100) << "the random values leave nothing to compare";
}

}  // namespace
}  // namespace neolia::model

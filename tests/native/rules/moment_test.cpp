// SPDX-License-Identifier: Apache-2.0
#include "rules/moment.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "model/rows.hpp"

namespace neolia::rules {
namespace {

struct Row {
  const char* name;
  std::string text;
  std::optional<std::int64_t> microseconds;
};

const std::vector<Row> kRows{
    {"Seconds", "1970-01-02T00:00:01Z", 86'401'000'000},
    {"Offset", "1970-01-01T00:00:01+00:00", 1'000'000},
    {"Microseconds", "1970-01-01T00:00:01.000250Z", 1'000'250},
    {"Tenths", "1970-01-01T00:00:01.5Z", 1'500'000},
    {"Nanoseconds", "1970-01-01T00:00:01.123456789Z", 1'123'456},
    {"LeapDay", "2028-02-29T23:59:59Z", 1'835'481'599'000'000},
    {"NoSuchDay", "2026-02-29T00:00:00Z", {}},
    {"NoSuchHour", "2026-02-03T24:00:00Z", {}},
    {"NoSuchSecond", "2026-02-03T00:00:60Z", {}},
    {"OtherOffset", "2026-02-03T00:00:00+01:00", {}},
    {"NoZone", "2026-02-03T00:00:00", {}},
    {"Day", "2026-02-03", {}},
    {"Words", "yesterday", {}},
    {"Empty", "", {}},
    {"LongFraction", "2026-02-03T00:00:00." + std::string(100'000, '1') + "Z", {}},
};

class Moments : public testing::TestWithParam<Row> {};

TEST_P(Moments, AreRead) {
  const auto moment = parse_moment(GetParam().text);
  const auto read = moment ? std::optional(moment->time_since_epoch().count()) : std::nullopt;
  EXPECT_EQ(read, GetParam().microseconds);
}

INSTANTIATE_TEST_SUITE_P(Rows, Moments, testing::ValuesIn(kRows), row_name);

}  // namespace
}  // namespace neolia::rules

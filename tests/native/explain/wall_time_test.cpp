// SPDX-License-Identifier: Apache-2.0
#include "explain/wall_time.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "model/rows.hpp"

namespace neolia::explain {
namespace {

struct Row {
  const char* name;
  const char* zone;
  const char* moment;
  const char* day;
  const char* shown;
};

const std::vector<Row> kRows{
    {"Winter", "Europe/Paris", "2026-11-22T13:02:59.9Z", "2026-11-22T20:00:00Z", "14:02"},
    {"Summer", "Europe/Paris", "2026-07-22T13:02:00Z", "2026-07-22T20:00:00Z", "15:02"},
    {"DayBefore", "Europe/Paris", "2026-11-21T13:02:00Z", "2026-11-22T20:00:00Z", "2026-11-21 14:02"},
    {"SameUtcDayOtherHere", "Europe/Paris", "2026-11-22T13:02:00Z", "2026-11-22T23:30:00Z", "2026-11-22 14:02"},
    {"OtherUtcDaySameHere", "Europe/Paris", "2026-11-21T23:30:00Z", "2026-11-22T20:00:00Z", "00:30"},
    {"UnknownZone", "Mars/Base", "2026-11-22T13:02:00Z", "2026-11-22T20:00:00Z", "13:02 UTC"},
    {"NoZone", "", "2026-11-21T13:02:00Z", "2026-11-22T20:00:00Z", "2026-11-21 13:02 UTC"},
};

class WallTimes : public testing::TestWithParam<Row> {};

TEST_P(WallTimes, AreShown) {
  const Row& row = GetParam();
  EXPECT_EQ(wall_time(row.zone, *rules::parse_moment(row.moment), *rules::parse_moment(row.day)), row.shown);
}

INSTANTIATE_TEST_SUITE_P(Rows, WallTimes, testing::ValuesIn(kRows), row_name);

TEST(Durations, AreShownInWholeSeconds) {
  EXPECT_EQ(duration_text(0.2), "0 s");
  EXPECT_EQ(duration_text(11.5), "12 s");
  EXPECT_EQ(duration_text(60), "1 min");
  EXPECT_EQ(duration_text(125), "2 min 5 s");
  EXPECT_EQ(duration_text(-3), "0 s");
  EXPECT_EQ(duration_text(1e300), "16666666 min 40 s");
}

}  // namespace
}  // namespace neolia::explain

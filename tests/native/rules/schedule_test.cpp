// SPDX-License-Identifier: Apache-2.0
#include "rules/schedule.hpp"

#include <array>
#include <sstream>

#include <date/date.h>
#include <gtest/gtest.h>

#include "model/rows.hpp"
#include "model/seeded.hpp"

namespace neolia::rules {
namespace {

using enum model::Day;
using model::Day;
using model::Schedule;
using model::Window;
using namespace std::chrono_literals;

/// "2024-01-07 11:00" or "2024-01-07 11:00:30", UTC
Time utc(const std::string& text) {
  Time time;
  std::istringstream in(text.size() == 16 ? text + ":00" : text);
  in >> date::parse("%F %T", time);
  EXPECT_FALSE(in.fail()) << text;
  return time;
}

constexpr std::uint16_t clock(int hour, int minute = 0) { return static_cast<std::uint16_t>(hour * 60 + minute); }

const std::vector<Day> kEveryDay{mon, tue, wed, thu, fri, sat, sun};
const std::vector<Day> kWorkdays{mon, tue, wed, thu, fri};

Schedule window(std::vector<Day> days, std::uint16_t from, std::uint16_t to) { return {{{std::move(days), from, to}}}; }

struct ZoneRow {
  const char* name;
  const char* zone;
  bool known;
};

class IsTimeZone : public testing::TestWithParam<ZoneRow> {};

TEST_P(IsTimeZone, AsksTheSystem) { EXPECT_EQ(is_time_zone(GetParam().zone), GetParam().known); }

INSTANTIATE_TEST_SUITE_P(Rows, IsTimeZone,
                         testing::Values(ZoneRow{"utc", "UTC", true}, ZoneRow{"paris", "Europe/Paris", true},
                                         ZoneRow{"old_name", "Asia/Calcutta", true},
                                         ZoneRow{"three_parts", "America/Argentina/Ushuaia", true},
                                         ZoneRow{"invented", "Europe/Atlantis", false}, ZoneRow{"empty", "", false},
                                         ZoneRow{"folder", "Europe", false},
                                         ZoneRow{"path", "../../../etc/passwd", false},
                                         ZoneRow{"absolute_path", "/usr/share/zoneinfo/UTC", false}),
                         row_name);

struct ClockRow {
  const char* name;
  const char* zone;
  const char* at;
  Day day;
  std::uint16_t minute;
};

class Clock : public testing::TestWithParam<ClockRow> {};

TEST_P(Clock, Shows) {
  const WallClock expected{GetParam().day, GetParam().minute};
  EXPECT_EQ(wall_clock(GetParam().zone, utc(GetParam().at)), expected);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Clock,
    testing::Values(ClockRow{"utc", "UTC", "2024-01-01 00:00", mon, clock(0)},
                    ClockRow{"end_of_the_week", "UTC", "2024-01-07 23:59:59", sun, clock(23, 59)},
                    ClockRow{"before_1970", "UTC", "1969-12-28 12:30", sun, clock(12, 30)},
                    ClockRow{"paris_in_winter", "Europe/Paris", "2024-01-07 23:30", mon, clock(0, 30)},
                    ClockRow{"paris_in_summer", "Europe/Paris", "2024-07-07 22:30", mon, clock(0, 30)},
                    ClockRow{"kolkata", "Asia/Kolkata", "2024-01-07 18:30", mon, clock(0)},
                    ClockRow{"new_york", "America/New_York", "2024-01-08 04:59", sun, clock(23, 59)},
                    ClockRow{"lord_howe_in_summer", "Australia/Lord_Howe", "2024-01-07 13:00", mon, clock(0)},
                    ClockRow{"lord_howe_in_winter", "Australia/Lord_Howe", "2024-07-07 13:30", mon, clock(0)},
                    ClockRow{"unknown_zone", "Europe/Atlantis", "2024-01-07 12:00", sun, clock(12)}),
    row_name);

struct Row {
  const char* name;
  const char* zone;
  Schedule schedule;
  const char* at;
  bool matches;
};

class Matches : public testing::TestWithParam<Row> {};

TEST_P(Matches, Decides) {
  EXPECT_EQ(matches(GetParam().schedule, GetParam().zone, utc(GetParam().at)), GetParam().matches);
}

const Schedule kOffice = window(kWorkdays, clock(8), clock(18));
const Schedule kFridayNight = window({fri}, clock(22), clock(6));
const Schedule kSundayRound = window({sun}, clock(9), clock(9));

INSTANTIATE_TEST_SUITE_P(
    Windows, Matches,
    testing::Values(Row{"before", "UTC", kOffice, "2024-01-08 07:59:59", false},
                    Row{"from_is_in", "UTC", kOffice, "2024-01-08 08:00", true},
                    Row{"last_second", "UTC", kOffice, "2024-01-08 17:59:59", true},
                    Row{"to_is_out", "UTC", kOffice, "2024-01-08 18:00", false},
                    Row{"other_day", "UTC", kOffice, "2024-01-07 12:00", false},
                    Row{"local_time_counts", "Asia/Kolkata", kOffice, "2024-01-08 02:30", true},
                    Row{"over_midnight_starts", "UTC", kFridayNight, "2024-01-05 22:00", true},
                    Row{"over_midnight_goes_on", "UTC", kFridayNight, "2024-01-06 05:59:59", true},
                    Row{"over_midnight_ends", "UTC", kFridayNight, "2024-01-06 06:00", false},
                    Row{"early_hours_belong_to_the_day_before", "UTC", kFridayNight, "2024-01-05 05:00", false},
                    Row{"over_the_end_of_the_week", "UTC", window({sun}, clock(23), clock(1)), "2024-01-08 00:30",
                        true},
                    Row{"day_around_starts", "UTC", kSundayRound, "2024-01-07 09:00", true},
                    Row{"day_around_goes_on", "UTC", kSundayRound, "2024-01-08 08:59:59", true},
                    Row{"day_around_ends", "UTC", kSundayRound, "2024-01-08 09:00", false},
                    Row{"day_around_not_yet", "UTC", kSundayRound, "2024-01-07 08:59:59", false},
                    Row{"midnight_to_midnight", "UTC", window({mon}, 0, 0), "2024-01-08 23:59:59", true},
                    Row{"midnight_to_midnight_ends", "UTC", window({mon}, 0, 0), "2024-01-09 00:00", false},
                    Row{"up_to_midnight", "UTC", window({mon}, clock(20), 0), "2024-01-09 00:00", false},
                    Row{"second_window", "UTC", {{{{mon}, 0, 60}, {{mon}, 120, 180}}}, "2024-01-08 02:30", true},
                    Row{"between_windows", "UTC", {{{{mon}, 0, 60}, {{mon}, 120, 180}}}, "2024-01-08 01:30", false}),
    row_name);

// Paris: on 31 March 2024 the clocks go from 02:00 to 03:00 (01:00 UTC), on 27 October from 03:00 to 02:00 (01:00 UTC).
// New York: 10 March 2024 at 07:00 UTC, 3 November at 06:00 UTC. Lord Howe: half an hour, 6 April 2024 at 15:00 UTC
// from 02:00 to 01:30, 5 October at 15:30 UTC from 02:00 to 02:30. All are Sundays there.
const Schedule kSundayTwoToThree = window({sun}, clock(2), clock(3));
const Schedule kSundayHalfPastTwo = window({sun}, clock(2, 30), clock(4));
const Schedule kSundayOneToTwo = window({sun}, clock(1), clock(2));
const Schedule kSaturdayNight = window({sat}, clock(22), clock(6));
const Schedule kHalfPastOneToTwo = window({sun}, clock(1, 30), clock(2));

INSTANTIATE_TEST_SUITE_P(
    Dst, Matches,
    testing::Values(Row{"paris_skipped_before", "Europe/Paris", kSundayTwoToThree, "2024-03-31 00:59:59", false},
                    Row{"paris_skipped_after", "Europe/Paris", kSundayTwoToThree, "2024-03-31 01:00", false},
                    Row{"paris_starts_in_the_gap", "Europe/Paris", kSundayHalfPastTwo, "2024-03-31 01:00", true},
                    Row{"paris_gap_ends_by_the_clock", "Europe/Paris", kSundayHalfPastTwo, "2024-03-31 02:00", false},
                    Row{"paris_night_shorter", "Europe/Paris", kSaturdayNight, "2024-03-31 03:59:59", true},
                    Row{"paris_night_shorter_ends", "Europe/Paris", kSaturdayNight, "2024-03-31 04:00", false},
                    Row{"paris_twice_first", "Europe/Paris", kSundayTwoToThree, "2024-10-27 00:30", true},
                    Row{"paris_twice_second", "Europe/Paris", kSundayTwoToThree, "2024-10-27 01:30", true},
                    Row{"paris_twice_over", "Europe/Paris", kSundayTwoToThree, "2024-10-27 02:00", false},
                    Row{"paris_night_longer", "Europe/Paris", kSaturdayNight, "2024-10-27 04:59:59", true},
                    Row{"new_york_skipped", "America/New_York", kSundayTwoToThree, "2024-03-10 07:00", false},
                    Row{"new_york_twice_first", "America/New_York", kSundayOneToTwo, "2024-11-03 05:30", true},
                    Row{"new_york_twice_second", "America/New_York", kSundayOneToTwo, "2024-11-03 06:30", true},
                    Row{"new_york_twice_over", "America/New_York", kSundayOneToTwo, "2024-11-03 07:00", false},
                    Row{"lord_howe_twice_first", "Australia/Lord_Howe", kHalfPastOneToTwo, "2024-04-06 14:45", true},
                    Row{"lord_howe_twice_second", "Australia/Lord_Howe", kHalfPastOneToTwo, "2024-04-06 15:15", true},
                    Row{"lord_howe_twice_over", "Australia/Lord_Howe", kHalfPastOneToTwo, "2024-04-06 15:30", false},
                    Row{"lord_howe_skipped", "Australia/Lord_Howe", window({sun}, clock(2), clock(2, 30)),
                        "2024-10-05 15:30", false},
                    Row{"kolkata_never_changes", "Asia/Kolkata", kSundayTwoToThree, "2024-03-30 21:00", true}),
    row_name);

struct BoundaryRow {
  const char* name;
  const char* zone;
  Schedule schedule;
  const char* at;
  const char* next;  ///< "" for never
};

class NextBoundary : public testing::TestWithParam<BoundaryRow> {};

TEST_P(NextBoundary, IsTheNextChange) {
  const auto next = next_boundary(GetParam().schedule, GetParam().zone, utc(GetParam().at));
  EXPECT_EQ(next ? date::format("%F %T", *next).substr(0, 16) : "", GetParam().next);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, NextBoundary,
    testing::Values(
        BoundaryRow{"to_the_start", "UTC", kOffice, "2024-01-08 07:30:30", "2024-01-08 08:00"},
        BoundaryRow{"to_the_end", "UTC", kOffice, "2024-01-08 08:00", "2024-01-08 18:00"},
        BoundaryRow{"over_the_weekend", "UTC", kOffice, "2024-01-05 18:00", "2024-01-08 08:00"},
        BoundaryRow{"local_time", "Asia/Kolkata", kOffice, "2024-01-08 00:00", "2024-01-08 02:30"},
        BoundaryRow{"never_off", "UTC", window(kEveryDay, 0, 0), "2024-01-08 00:00", ""},
        BoundaryRow{"never_off_by_two_windows",
                    "Europe/Paris",
                    {{{kEveryDay, 600, 60}, {kEveryDay, 60, 600}}},
                    "2024-03-31 00:00",
                    ""},
        BoundaryRow{
            "windows_that_touch", "UTC", {{{{mon}, 0, 60}, {{mon}, 60, 120}}}, "2024-01-08 00:00", "2024-01-08 02:00"},
        BoundaryRow{"windows_that_overlap",
                    "UTC",
                    {{{{mon}, 0, 90}, {{mon}, 60, 120}}},
                    "2024-01-08 00:00",
                    "2024-01-08 02:00"},
        BoundaryRow{"gap_skips_a_week", "Europe/Paris", kSundayTwoToThree, "2024-03-31 00:00", "2024-04-07 00:00"},
        BoundaryRow{"gap_starts_late", "Europe/Paris", kSundayHalfPastTwo, "2024-03-31 00:00", "2024-03-31 01:00"},
        BoundaryRow{"overlap_is_longer", "Europe/Paris", kSundayTwoToThree, "2024-10-27 00:00", "2024-10-27 02:00"},
        BoundaryRow{"overlap_comes_again", "Europe/Paris", window({sun}, clock(1), clock(2, 30)), "2024-10-27 00:30",
                    "2024-10-27 01:00"},
        BoundaryRow{"overlap_is_over", "Europe/Paris", window({sun}, clock(1), clock(2, 30)), "2024-10-27 01:00",
                    "2024-10-27 01:30"},
        BoundaryRow{"half_an_hour", "Australia/Lord_Howe", kHalfPastOneToTwo, "2024-04-06 14:30", "2024-04-06 15:30"}),
    row_name);

/// From well before to well after a change of the clocks, minute by minute.
class RandomSchedule : public Seeded {
 protected:
  Schedule random_schedule() {
    Schedule schedule;
    for (int i = pick(random(), 1, 3); i > 0; --i) {
      Window window;
      for (const Day day : kEveryDay) {
        if (chance(random(), 40)) window.days.push_back(day);
      }
      if (window.days.empty()) window.days = {sun};
      window.from = random_minute();
      window.to = chance(random(), 10) ? window.from : random_minute();
      schedule.windows.push_back(window);
    }
    return schedule;
  }

 private:
  /// Often in the hours when clocks change.
  std::uint16_t random_minute() {
    return static_cast<std::uint16_t>(chance(random(), 60) ? pick(random(), 0, 16) * 15 : pick(random(), 0, 1439));
  }
};

TEST_F(RandomSchedule, NextBoundaryAgreesWithSteppingThroughTheMinutes) {
  struct Change {
    const char* zone;
    const char* around;
  };
  constexpr std::array kChanges{
      Change{"Europe/Paris", "2024-03-31 01:00"},        Change{"Europe/Paris", "2024-10-27 01:00"},
      Change{"America/New_York", "2024-03-10 07:00"},    Change{"America/New_York", "2024-11-03 06:00"},
      Change{"Australia/Lord_Howe", "2024-04-06 15:00"}, Change{"Australia/Lord_Howe", "2024-10-05 15:30"},
      Change{"Asia/Kolkata", "2024-03-31 01:00"},        Change{"UTC", "2024-03-31 01:00"}};
  constexpr auto kStepped = 9 * 24h;
  for (int i = 0; i < 80; ++i) {
    const auto& [zone, around] = pick_from(random(), kChanges);
    const Schedule schedule = random_schedule();
    const Time at = utc(around) - std::chrono::minutes(pick(random(), 0, 3000));
    const bool now = matches(schedule, zone, at);
    Time stepped = at;
    while (stepped < at + kStepped && matches(schedule, zone, stepped) == now) stepped += 1min;
    const auto next = next_boundary(schedule, zone, at);
    if (stepped < at + kStepped) {
      ASSERT_EQ(next, std::optional(stepped)) << zone << " at " << date::format("%F %T", at);
    } else {
      ASSERT_TRUE(!next || *next >= stepped) << zone << " at " << date::format("%F %T", at);
    }
  }
}

}  // namespace
}  // namespace neolia::rules

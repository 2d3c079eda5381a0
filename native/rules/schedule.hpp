// SPDX-License-Identifier: Apache-2.0
/// Weekly windows in local time. They are compared with what the clock on the wall shows, so a local time that does not
/// exist (clocks go forward) is skipped and one that comes twice (clocks go back) matches both. A window belongs to the
/// days it starts on: `fri 22:00–06:00` covers the early hours of Saturday, not of Friday.
///
/// Time zones come from the operating system's database. A name that is_time_zone() refuses reads as UTC.
#pragma once

#include <optional>
#include <string>

#include "model/objects.hpp"
#include "rules/time.hpp"

namespace neolia::rules {

[[nodiscard]] bool is_time_zone(const std::string& name);

/// What the clock on the wall shows.
struct WallClock {
  model::Day day{};
  int minute = 0;  ///< after midnight

  bool operator==(const WallClock&) const = default;
};

[[nodiscard]] WallClock wall_clock(const std::string& time_zone, Time at);

/// Whether the clock lies in one of the windows.
[[nodiscard]] bool matches(const model::Schedule& schedule, WallClock clock);
[[nodiscard]] bool matches(const model::Schedule& schedule, const std::string& time_zone, Time at);

/// The first moment after `at` when matches() gives something else than at `at`; empty when it never does.
[[nodiscard]] std::optional<Time> next_boundary(const model::Schedule& schedule, const std::string& time_zone, Time at);

}  // namespace neolia::rules

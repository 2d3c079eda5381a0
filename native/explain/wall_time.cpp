// SPDX-License-Identifier: Apache-2.0
#include "explain/wall_time.hpp"

#include <algorithm>
#include <cmath>

#include <date/tz.h>

#include "rules/schedule.hpp"

namespace neolia::explain {

std::string wall_time(const std::string& time_zone, rules::Moment moment, rules::Moment day) {
  const bool known = rules::is_time_zone(time_zone);
  const date::time_zone* const zone = date::locate_zone(known ? time_zone : "Etc/UTC");
  const auto local = [&](rules::Moment at) { return zone->to_local(std::chrono::floor<std::chrono::minutes>(at)); };
  const bool same_day = date::floor<date::days>(local(moment)) == date::floor<date::days>(local(day));
  return date::format(same_day ? "%H:%M" : "%F %H:%M", local(moment)) + (known ? "" : " UTC");
}

std::string duration_text(double seconds) {
  const auto whole = std::llround(std::clamp(seconds, 0.0, 1e9));
  if (whole < 60) return std::to_string(whole) + " s";
  const std::string rest = whole % 60 == 0 ? "" : " " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 60) + " min" + rest;
}

}  // namespace neolia::explain

// SPDX-License-Identifier: Apache-2.0
#include "rules/schedule.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <vector>

#include <date/tz.h>

namespace neolia::rules {
namespace {

using std::chrono::seconds;

constexpr int kDay = 24 * 60;  // minutes
constexpr int kWeek = 7 * kDay;

const date::time_zone* find_zone(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

/// What is in force from `begin` to `end`; for ever in UTC for an unknown zone.
struct Era {
  seconds offset{};
  Time end = Time::max();
};

Era era_at(const date::time_zone* zone, Time at) {
  if (zone == nullptr) return {};
  const date::sys_info info = zone->get_info(at);
  return {info.offset, info.end};
}

/// Seconds of local time since Monday, 00:00.
seconds since_monday(Time at, seconds offset) {
  constexpr auto kMonday = std::chrono::days(4);  // 5 January 1970
  const auto week = seconds(std::chrono::weeks(1));
  const auto local = (at.time_since_epoch() + offset - kMonday) % week;
  return local < seconds(0) ? local + week : local;
}

WallClock read_clock(seconds since_monday) {
  const auto minute = static_cast<int>(std::chrono::floor<std::chrono::minutes>(since_monday).count());
  return {static_cast<model::Day>(minute / kDay), minute % kDay};
}

bool has_day(const model::Window& window, int day) {
  return std::ranges::find(window.days, static_cast<model::Day>(day)) != window.days.end();
}

bool matches_window(const model::Window& window, WallClock clock) {
  const int today = static_cast<int>(clock.day);
  if (window.from < window.to) return has_day(window, today) && window.from <= clock.minute && clock.minute < window.to;
  return (has_day(window, today) && window.from <= clock.minute) ||
         (has_day(window, (today + 6) % 7) && clock.minute < window.to);
}

/// Where windows start and end, in minutes since Monday, 00:00; sorted.
std::vector<int> edges_of(const model::Schedule& schedule) {
  std::vector<int> edges;
  for (const model::Window& window : schedule.windows) {
    const int length = window.from < window.to ? window.to - window.from : window.to - window.from + kDay;
    for (const model::Day day : window.days) {
      const int start = static_cast<int>(day) * kDay + window.from;
      edges.insert(edges.end(), {start, (start + length) % kWeek});
    }
  }
  std::ranges::sort(edges);
  return edges;
}

/// How long from this local time to the next edge.
seconds until_edge(const std::vector<int>& edges, seconds since_monday) {
  const auto next =
      std::ranges::upper_bound(edges, since_monday, {}, [](int edge) { return std::chrono::minutes(edge); });
  const int edge = next == edges.end() ? edges.front() + kWeek : *next;
  return std::chrono::minutes(edge) - since_monday;
}

}  // namespace

bool is_time_zone(const std::string& name) { return find_zone(name) != nullptr; }

WallClock wall_clock(const std::string& time_zone, Time at) {
  return read_clock(since_monday(at, era_at(find_zone(time_zone), at).offset));
}

bool matches(const model::Schedule& schedule, WallClock clock) {
  return std::ranges::any_of(schedule.windows, [&](const auto& window) { return matches_window(window, clock); });
}

bool matches(const model::Schedule& schedule, const std::string& time_zone, Time at) {
  return matches(schedule, wall_clock(time_zone, at));
}

std::optional<Time> next_boundary(const model::Schedule& schedule, const std::string& time_zone, Time at) {
  constexpr auto kHorizon = std::chrono::weeks(5);  // an edge may fall into a gap, but not every week
  const date::time_zone* const zone = find_zone(time_zone);
  const bool now = matches(schedule, time_zone, at);
  const std::vector<int> edges = edges_of(schedule);
  const auto differs = [&](int edge) { return matches(schedule, read_clock(std::chrono::minutes(edge))) != now; };
  if (std::ranges::none_of(edges, differs)) return std::nullopt;
  Time then = at;
  while (then < at + kHorizon) {
    const Era era = era_at(zone, then);
    then = std::min(then + until_edge(edges, since_monday(then, era.offset)), era.end);
    if (matches(schedule, read_clock(since_monday(then, era_at(zone, then).offset))) != now) break;
  }
  return then;
}

}  // namespace neolia::rules

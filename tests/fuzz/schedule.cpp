// SPDX-License-Identifier: Apache-2.0
/// Two lines, a time zone and a moment, then a schedule as JSON.
#include "rules/schedule.hpp"

#include <date/date.h>

#include "model/fields.hpp"
#include "model/values.hpp"
#include "rules/moment.hpp"
#include "target.hpp"

namespace neolia::fuzz {
namespace {

using std::chrono::seconds;

void expect_boundary(const model::Schedule& schedule, const std::string& zone, rules::Time at) {
  constexpr int kLooks = 16;
  const auto next = rules::next_boundary(schedule, zone, at);
  const bool now = rules::matches(schedule, zone, at);
  const rules::Time end = next.value_or(at + std::chrono::weeks(1));
  expect(end > at, "the next boundary lies ahead");
  for (int i = 1; i < kLooks; ++i) {
    expect(rules::matches(schedule, zone, at + (end - at) * i / kLooks) == now, "nothing changes before the boundary");
  }
  expect(!next || rules::matches(schedule, zone, *next) != now, "the boundary changes something");
}

}  // namespace

void try_input(std::string_view input) {
  const std::string zone(take_line(input));
  const std::string moment(take_line(input));
  const auto at = rules::parse_moment(moment);
  if (at) {
    const auto same = rules::parse_moment(date::format("%FT%TZ", *at));
    expect(same == at, "a moment that was written can be read");
  }
  const auto json = model::Json::parse(input, nullptr, false);
  std::optional<model::Schedule> schedule;
  std::vector<model::FieldError> errors;
  model::read_schedule(json, schedule, model::Place("schedule", errors));
  if (!errors.empty()) return expect_usable({model::ErrorCode::invalid, "Bad fields.", std::move(errors)});
  static_cast<void>(rules::is_time_zone(zone));
  if (at && schedule) expect_boundary(*schedule, zone, std::chrono::floor<seconds>(*at));
}

}  // namespace neolia::fuzz

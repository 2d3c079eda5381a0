// SPDX-License-Identifier: Apache-2.0
/// Owners and schedules: the objects inside objects.
#include "model/values.hpp"

namespace neolia::model {
namespace {

using enum Presence;

constexpr std::array kOwner{field<Owner, &Owner::type, read_choice<OwnerType>>("type", required),
                            field<Owner, &Owner::id, read_id>("id", required)};

void read_days(const Json& value, std::vector<Day>& days, const Place& place) {
  read_set<1, 7, read_choice<Day>>(value, days, place);
  std::ranges::sort(days);
}

Json write_minutes(int minutes) {
  std::string text = "00:00";
  const int digits[] = {minutes / 600, minutes / 60 % 10, 0, minutes % 60 / 10, minutes % 10};
  for (const std::size_t i : {0U, 1U, 3U, 4U}) text[i] = static_cast<char>('0' + digits[i]);
  return text;
}

template <std::uint16_t Window::*kEdge>
constexpr Field<Window> edge(std::string_view name) {
  return {name, required,
          [](const Json& value, Window& window, const Place& place) { read_minutes(value, window.*kEdge, place); },
          [](const Window& window) { return write_minutes(window.*kEdge); }};
}

Json write_days(const Window& window) {
  Json days = Json::array();
  for (const Day day : window.days) days.push_back(to_string(day));
  return days;
}

constexpr std::array kWindow{
    Field<Window>{"days", required,
                  [](const Json& value, Window& window, const Place& place) { read_days(value, window.days, place); },
                  write_days},
    edge<&Window::from>("from"), edge<&Window::to>("to")};

void read_window(const Json& value, Window& window, const Place& place) {
  read_table(kWindow, value, window, true, place);
}

Json write_windows(const Schedule& schedule) {
  Json windows = Json::array();
  for (const Window& window : schedule.windows) windows.push_back(write_table(kWindow, window));
  return windows;
}

constexpr std::array kSchedule{Field<Schedule>{"windows", required,
                                               [](const Json& value, Schedule& schedule, const Place& place) {
                                                 read_set<1, 50, read_window>(value, schedule.windows, place);
                                               },
                                               write_windows}};

}  // namespace

void read_owner(const Json& value, Owner& owner, const Place& place) {
  owner = {};
  read_table(kOwner, value, owner, true, place);
}

void read_schedule(const Json& value, std::optional<Schedule>& schedule, const Place& place) {
  schedule.reset();
  if (!value.is_null()) read_table(kSchedule, value, schedule.emplace(), true, place);
}

Json write_value(const Owner& owner) { return write_table(kOwner, owner); }
Json write_value(const Schedule& schedule) { return write_table(kSchedule, schedule); }

}  // namespace neolia::model

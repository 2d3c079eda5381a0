// SPDX-License-Identifier: Apache-2.0
/// Readers of single values: each takes the value, where it goes, and the place that problems are noted at.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "model/fields.hpp"
#include "model/forms.hpp"
#include "model/names.hpp"

namespace neolia::model {

/// The trimmed text of a value, or empty when it was refused. Long texts are refused unread.
[[nodiscard]] std::optional<std::string_view> read_text(const Json& value, std::size_t max_bytes, const Place& place);

void read_id(const Json& value, std::string& id, const Place& place);
void read_name(const Json& value, std::string& name, const Place& place);
void read_bool(const Json& value, bool& flag, const Place& place);
/// Host names are taken in lower case.
void read_host(const Json& value, std::string& host, const Place& place);
void read_host_or_address(const Json& value, std::string& host, const Place& place);
void read_sip_uri(const Json& value, std::string& uri, const Place& place);
/// "HH:MM" as minutes after midnight.
void read_minutes(const Json& value, std::uint16_t& minutes, const Place& place);
void read_owner(const Json& value, Owner& owner, const Place& place);
void read_schedule(const Json& value, std::optional<Schedule>& schedule, const Place& place);

/// A text of at most `max_bytes` for which `fits` holds.
void read_fitting(const Json& value, std::string& text, std::size_t max_bytes, bool (*fits)(std::string_view),
                  const char* demand, const Place& place);

/// The position of the text among `names`, or empty when it was refused.
[[nodiscard]] std::optional<std::size_t> read_one_of(const Json& value, std::span<const std::string_view> names,
                                                     const Place& place);

/// A whole number between the two, or empty when it was refused.
[[nodiscard]] std::optional<int> read_whole(const Json& value, int least, int most, const Place& place);

/// Notes a problem unless `value` is a list of `least` to `most` items.
[[nodiscard]] bool is_list(const Json& value, std::size_t least, std::size_t most, const Place& place);

template <const Form& kForm>
void read_form(const Json& value, std::string& text, const Place& place) {
  read_fitting(
      value, text, kForm.max, [](std::string_view given) { return kForm.fits(given); }, kForm.demand, place);
}

template <typename Enum>
void read_choice(const Json& value, Enum& choice, const Place& place) {
  if (const auto index = read_one_of(value, kNames<Enum>, place)) choice = static_cast<Enum>(*index);
}

template <int kLeast, int kMost, typename Number = int>
void read_number(const Json& value, Number& number, const Place& place) {
  if (const auto whole = read_whole(value, kLeast, kMost, place)) number = static_cast<Number>(*whole);
}

/// A list without repeats.
template <std::size_t kLeast, std::size_t kMost, auto kReadItem, typename Item>
void read_set(const Json& value, std::vector<Item>& items, const Place& place) {
  if (!is_list(value, kLeast, kMost, place)) return;
  items.clear();
  for (std::size_t i = 0; i < value.size(); ++i) {
    Item item{};
    const std::size_t problems = place.problem_count();
    kReadItem(value[i], item, place.item(i));
    if (place.is_clean_since(problems) && std::ranges::find(items, item) != items.end()) {
      place.item(i).refuse(FieldCode::duplicate, "Is in the list already.");
    }
    items.push_back(std::move(item));
  }
}

/// A choice that stays empty unless it was made.
template <typename Enum>
void read_choice_if_any(const Json& value, std::optional<Enum>& choice, const Place& place) {
  choice.reset();
  if (const auto index = read_one_of(value, kNames<Enum>, place)) choice = static_cast<Enum>(*index);
}

/// What `null` stands for: nothing.
template <auto kRead>
void read_nullable(const Json& value, std::optional<std::string>& text, const Place& place) {
  text.reset();
  if (!value.is_null()) kRead(value, text.emplace(), place);
}

[[nodiscard]] Json write_value(const Owner& owner);
[[nodiscard]] Json write_value(const Schedule& schedule);

template <typename Value>
[[nodiscard]] Json write_value(const Value& value) {
  if constexpr (std::is_enum_v<Value>) {
    return to_string(value);
  } else {
    return value;
  }
}

template <typename Value>
[[nodiscard]] Json write_value(const std::optional<Value>& value) {
  return value ? write_value(*value) : Json(nullptr);
}

/// A field that is a member of `Object`, read by `kRead(value, member, place)` and written by `write_value(member)`.
template <typename Object, auto kMember, auto kRead>
[[nodiscard]] constexpr Field<Object> field(std::string_view name, Presence presence) {
  return {name, presence,
          [](const Json& value, Object& object, const Place& place) { kRead(value, object.*kMember, place); },
          [](const Object& object) { return write_value(object.*kMember); }};
}

}  // namespace neolia::model

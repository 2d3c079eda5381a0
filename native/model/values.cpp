// SPDX-License-Identifier: Apache-2.0
#include "model/values.hpp"

#include <algorithm>
#include <limits>

#include "model/text.hpp"

namespace neolia::model {
namespace {

constexpr std::size_t kMaxName = 100;
constexpr std::size_t kMaxUtf8 = 4;  // bytes of a character
constexpr std::size_t kMaxHost = 253;
constexpr std::size_t kMaxSipUri = 4 + 64 + 1 + kMaxHost;
constexpr std::size_t kMaxWord = 64;

std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return lower;
}

std::string join(std::span<const std::string_view> names) {
  std::string joined;
  for (const std::string_view name : names) joined.append(joined.empty() ? "" : ", ").append(name);
  return joined;
}

/// Like read_fitting, for what is the same in upper and lower case.
void read_lower(const Json& value, std::string& text, std::size_t max_bytes, bool (*fits)(std::string_view),
                const char* demand, const Place& place) {
  const auto given = read_text(value, max_bytes, place);
  if (!given) return;
  text = to_lower(*given);
  if (!fits(text)) place.refuse(FieldCode::format, demand);
}

bool is_host(std::string_view text) { return is_host_name(text) || is_ip_address(text); }

}  // namespace

std::optional<std::string_view> read_text(const Json& value, std::size_t max_bytes, const Place& place) {
  const auto* const given = value.get_ptr<const std::string*>();
  if (given == nullptr) {
    place.refuse(FieldCode::type, "Must be text.");
    return std::nullopt;
  }
  const std::string_view text = trim(*given);
  if (!text.empty() && text.size() <= max_bytes) return text;
  place.refuse(FieldCode::length, text.empty() ? "Must not be empty." : "Is too long.");
  return std::nullopt;
}

void read_fitting(const Json& value, std::string& text, std::size_t max_bytes, bool (*fits)(std::string_view),
                  const char* demand, const Place& place) {
  const auto given = read_text(value, max_bytes, place);
  if (!given) return;
  text = *given;
  if (!fits(text)) place.refuse(FieldCode::format, demand);
}

void read_id(const Json& value, std::string& id, const Place& place) {
  read_fitting(value, id, kMaxWord, is_id, "Must be an id, 26 characters as this directory gave it.", place);
}

void read_name(const Json& value, std::string& name, const Place& place) {
  const auto given = read_text(value, kMaxName * kMaxUtf8, place);
  if (!given) return;
  const auto count = count_printable(*given);
  if (!count) return place.refuse(FieldCode::format, "Must be UTF-8 text without control characters.");
  if (*count > kMaxName) return place.refuse(FieldCode::length, "Must be 1 to 100 characters.");
  name = *given;
}

void read_bool(const Json& value, bool& flag, const Place& place) {
  if (!value.is_boolean()) return place.refuse(FieldCode::type, "Must be true or false.");
  flag = value.get<bool>();
}

void read_host(const Json& value, std::string& host, const Place& place) {
  read_lower(value, host, kMaxHost, is_host_name, "Must be a host name, like pbx.example.org.", place);
}

void read_host_or_address(const Json& value, std::string& host, const Place& place) {
  read_lower(value, host, kMaxHost, is_host, "Must be a host name or an IP address.", place);
}

void read_sip_uri(const Json& value, std::string& uri, const Place& place) {
  const auto given = read_text(value, kMaxSipUri, place);
  if (!given) return;
  const std::size_t at = std::min(given->find('@'), given->size());
  uri.assign(given->substr(0, at)).append(to_lower(given->substr(at)));
  if (!is_sip_uri(uri)) place.refuse(FieldCode::format, "Must be sip:user@domain, without port and parameters.");
}

void read_minutes(const Json& value, std::uint16_t& minutes, const Place& place) {
  const auto given = read_text(value, kMaxWord, place);
  if (!given) return;
  const auto digit = [&](std::size_t i) { return (*given)[i] - '0'; };
  const auto is_digit = [&](std::size_t i) { return digit(i) >= 0 && digit(i) <= 9; };
  const bool shaped =
      given->size() == 5 && (*given)[2] == ':' && is_digit(0) && is_digit(1) && is_digit(3) && is_digit(4);
  const int hour = shaped ? digit(0) * 10 + digit(1) : 24;
  const int minute = shaped ? digit(3) * 10 + digit(4) : 60;
  if (hour > 23 || minute > 59) return place.refuse(FieldCode::format, "Must be a time from 00:00 to 23:59.");
  minutes = static_cast<std::uint16_t>(hour * 60 + minute);
}

std::optional<std::size_t> read_one_of(const Json& value, std::span<const std::string_view> names, const Place& place) {
  const auto given = read_text(value, kMaxWord, place);
  if (!given) return std::nullopt;
  const auto found = std::ranges::find(names, *given);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  place.refuse(FieldCode::format, "Must be one of: " + join(names) + ".");
  return std::nullopt;
}

std::optional<int> read_whole(const Json& value, int least, int most, const Place& place) {
  if (!value.is_number_integer()) {
    place.refuse(FieldCode::type, "Must be a whole number.");
    return std::nullopt;
  }
  const bool huge = value.is_number_unsigned() && value.get<std::uint64_t>() > std::numeric_limits<std::int32_t>::max();
  const std::int64_t number = huge ? std::numeric_limits<std::int64_t>::max() : value.get<std::int64_t>();
  if (number >= least && number <= most) return static_cast<int>(number);
  place.refuse(FieldCode::range, "Must be from " + std::to_string(least) + " to " + std::to_string(most) + ".");
  return std::nullopt;
}

bool is_list(const Json& value, std::size_t least, std::size_t most, const Place& place) {
  if (!value.is_array()) {
    place.refuse(FieldCode::type, "Must be a list.");
    return false;
  }
  if (value.size() >= least && value.size() <= most) return true;
  const std::string demand = "Must have " + std::to_string(least) + " to " + std::to_string(most) + " items.";
  place.refuse(value.size() > most ? FieldCode::too_many : FieldCode::length, demand);
  return false;
}

}  // namespace neolia::model

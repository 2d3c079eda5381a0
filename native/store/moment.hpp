// SPDX-License-Identifier: Apache-2.0
/// Moments as they stand in rows (microseconds since the epoch) and in JSON ("2026-11-22T20:00:00.123456Z").
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>

namespace neolia::store {

using Moment = std::chrono::system_clock::time_point;

[[nodiscard]] inline std::int64_t to_microseconds(Moment moment) {
  return std::chrono::floor<std::chrono::microseconds>(moment.time_since_epoch()).count();
}

[[nodiscard]] inline Moment from_microseconds(std::int64_t microseconds) {
  return Moment(std::chrono::microseconds(microseconds));
}

[[nodiscard]] inline std::string to_text(Moment moment) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(moment);
  const std::time_t time = std::chrono::system_clock::to_time_t(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  text[std::strftime(text, sizeof text, "%FT%T", &parts)] = '\0';
  const std::string fraction = std::to_string(to_microseconds(moment) - to_microseconds(seconds));
  return std::string(text) + "." + std::string(6 - fraction.size(), '0') + fraction + "Z";
}

}  // namespace neolia::store

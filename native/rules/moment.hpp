// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace neolia::rules {

/// As events tell it, in UTC.
using Moment = std::chrono::sys_time<std::chrono::microseconds>;

/// ISO 8601 in UTC: "2026-11-22T20:00:00Z", also with "+00:00" and a fraction of a second, of which microseconds count.
[[nodiscard]] std::optional<Moment> parse_moment(const std::string& text);

}  // namespace neolia::rules

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "rules/moment.hpp"

namespace neolia::explain {

/// What a clock on the wall showed at `moment`, "14:02", with the date in front when it was another day than `day`.
/// In UTC, and saying so, when the time zone is unknown.
[[nodiscard]] std::string wall_time(const std::string& time_zone, rules::Moment moment, rules::Moment day);

/// "1 s", "59 s", "2 min 5 s"; whole seconds, rounded.
[[nodiscard]] std::string duration_text(double seconds);

}  // namespace neolia::explain

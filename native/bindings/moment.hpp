// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "rules/time.hpp"

namespace neolia::bindings {

/// ISO 8601 in UTC: "2026-11-22T20:00:00Z", also with "+00:00" and a fraction of a second, which is dropped.
[[nodiscard]] std::optional<rules::Time> parse_moment(const std::string& text);

}  // namespace neolia::bindings

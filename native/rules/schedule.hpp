// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "model/objects.hpp"
#include "rules/simulate.hpp"

namespace neolia::rules {

[[nodiscard]] bool is_time_zone(const std::string& name);

/// Whether `at` lies in one of the windows, read as wall-clock time of `time_zone`. A local time that does not exist is
/// skipped, one that comes twice matches both.
[[nodiscard]] bool matches(const model::Schedule& schedule, const std::string& time_zone, Time at);

/// The first moment after `at` when matches() may change; empty when it never does.
[[nodiscard]] std::optional<Time> next_boundary(const model::Schedule& schedule, const std::string& time_zone, Time at);

}  // namespace neolia::rules

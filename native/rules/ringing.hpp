// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rules/facts.hpp"

namespace neolia::rules {

/// Whether an account may be rung at all: it is enabled and, a panel or mobile, its unit has no do-not-disturb.
[[nodiscard]] bool may_ring(const Facts& facts, const model::Account& account);

/// The usernames of the unit's panels and mobiles that may ring, sorted.
[[nodiscard]] std::vector<std::string> ring_targets(const Facts& facts, const model::Unit& unit);

/// Of the accounts with these ids, the usernames of those that may ring, sorted.
[[nodiscard]] std::vector<std::string> ring_targets(const Facts& facts, const std::vector<model::Id>& account_ids);

}  // namespace neolia::rules

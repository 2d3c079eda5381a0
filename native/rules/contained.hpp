// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/facts.hpp"

namespace neolia::rules {

/// The objects named and everything below them: the buildings of sites, units of buildings, accounts and rules of any
/// owner, doors of accounts. Each id once; ids of nothing are left out. This is what goes when they are deleted. Rules
/// of others that target what goes are not among them: check() names those.
[[nodiscard]] model::ObjectIds contained(const Facts& facts, const model::ObjectIds& ids);

}  // namespace neolia::rules

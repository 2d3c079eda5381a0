// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/facts.hpp"
#include "rules/findings.hpp"

namespace neolia::rules {

/// What a rule's target names must be there, be of the right kind, and stand in the rule's own unit (ring) or site
/// (forward).
void check_target(const Facts& facts, const model::Rule& rule, Findings& findings);

/// Whether this account may be named by the target of this rule, which names it.
[[nodiscard]] bool may_name(const Facts& facts, const model::Rule& rule, const model::Account& account);

}  // namespace neolia::rules

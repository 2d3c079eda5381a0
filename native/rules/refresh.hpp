// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/compile.hpp"
#include "rules/entries.hpp"
#include "rules/stale.hpp"

namespace neolia::rules {

/// Makes the stale entries of the tables anew and returns what differs.
TablesChange refresh(const Stale& stale, const Entries& entries, Tables& tables);

}  // namespace neolia::rules

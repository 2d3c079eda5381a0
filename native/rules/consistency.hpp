// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "model/error.hpp"
#include "rules/facts.hpp"

namespace neolia::rules {

/// One finding of check(): which object of the change, and the bad field relative to that object.
struct Finding {
  const char* noun;
  model::Id object_id;
  model::FieldError field;
};

/// Everything about `change` that only shows beside the other objects: references, duplicates, kinds, sites, counts,
/// time zones (docs/architecture.md §1). `facts` have the change applied already and `inverse` is what Facts::apply
/// returned: what was there before decides whether an object moved. Costs grow with the change, not with the directory.
[[nodiscard]] std::vector<Finding> check(const Facts& facts, const model::Change& change, const model::Change& inverse);

/// Whether check() finds nothing when all objects of the facts are taken for new.
[[nodiscard]] bool are_consistent(const Facts& facts);

}  // namespace neolia::rules

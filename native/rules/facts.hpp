// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/objects.hpp"

namespace neolia::rules {

/// The directory's objects in memory with the indices that rules and validation need. A value: no I/O, no locks; const
/// access from several threads is safe. Pointers stay valid until the object they point to is replaced or removed.
class Facts {
 public:
  /// Applies a change and returns its inverse, so that `apply(apply(change))` restores the facts. Objects may arrive in any
  /// order; whether they fit together is check()'s question (rules/consistency.hpp). Costs grow with the change.
  model::Change apply(model::Change change);

  [[nodiscard]] const model::Site* site(std::string_view id) const;
  [[nodiscard]] const model::Building* building(std::string_view id) const;
  [[nodiscard]] const model::Unit* unit(std::string_view id) const;
  [[nodiscard]] const model::Account* account(std::string_view id) const;
  [[nodiscard]] const model::Door* door(std::string_view id) const;
  [[nodiscard]] const model::Rule* rule(std::string_view id) const;
  [[nodiscard]] const model::Account* account_by_username(std::string_view username) const;

  // Further read access (objects of a parent, rules of an owner by position, what refers to what, everything of a noun,
  // counts) is declared below by need.
};

}  // namespace neolia::rules

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ranges>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include "model/objects.hpp"

namespace neolia::rules {

/// What a rule's target names: ids of accounts or of a unit, or the domain of a SIP URI.
[[nodiscard]] std::vector<std::string_view> named_by(const model::Target& target);

/// Rules by what their targets name. Takes no ownership: a rule leaves before it changes.
class References {
 public:
  void insert(const model::Rule& rule);
  void erase(const model::Rule& rule);

  /// The rules whose target names this id or domain, in the order of their ids; a range of `const model::Rule*`.
  [[nodiscard]] auto to(std::string_view name) const {
    const auto [first, last] = references_.equal_range(name);
    return std::ranges::subrange(first, last) | std::views::transform(&Reference::rule);
  }

 private:
  struct Reference {
    std::string_view name;  ///< in the rule's own target
    const model::Rule* rule;
  };
  struct Less {
    using is_transparent = void;
    bool operator()(const Reference& left, const Reference& right) const {
      return std::tie(left.name, left.rule->id) < std::tie(right.name, right.rule->id);
    }
    bool operator()(const Reference& left, std::string_view right) const { return left.name < right; }
    bool operator()(std::string_view left, const Reference& right) const { return left < right.name; }
  };

  std::set<Reference, Less> references_;
};

}  // namespace neolia::rules

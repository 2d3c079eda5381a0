// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "rules/facts.hpp"
#include "rules/stale.hpp"
#include "rules/time.hpp"

namespace neolia::rules {

/// The owners whose rules have schedules, by the moment when their entry of `rules` may change next.
class Boundaries {
 public:
  /// Looks at the rules of an owner anew.
  void settle(const Facts& facts, const model::Owner& owner, Time at);

  [[nodiscard]] std::optional<Time> first() const {
    return order_.empty() ? std::nullopt : std::optional(order_.begin()->first);
  }

  void mark_passed(Time at, Stale& stale) const;

  void mark_where(Stale& stale, const auto& holds) const {
    for (const auto& [id, entry] : owners_) {
      if (holds(model::Owner{entry.type, id})) stale.mark_rules({entry.type, id});
    }
  }

 private:
  struct Entry {
    Time next;
    model::OwnerType type{};
  };

  void forget(const model::Id& id);

  std::unordered_map<model::Id, Entry> owners_;
  std::set<std::pair<Time, model::Id>> order_;
};

}  // namespace neolia::rules

// SPDX-License-Identifier: Apache-2.0
#include "rules/boundaries.hpp"

#include "rules/schedule.hpp"

namespace neolia::rules {
namespace {

std::optional<Time> next_of(const Facts& facts, const model::Owner& owner, Time at) {
  const model::Site* const site = facts.site_of(owner);
  std::optional<Time> first;
  for (const model::Rule* rule : facts.rules_of(owner.id)) {
    if (site == nullptr || !rule->enabled || !rule->schedule) continue;
    const std::optional<Time> next = next_boundary(*rule->schedule, site->time_zone, at);
    if (next && (!first || *next < *first)) first = next;
  }
  return first;
}

}  // namespace

void Boundaries::settle(const Facts& facts, const model::Owner& owner, Time at) {
  forget(owner.id);
  const std::optional<Time> next = next_of(facts, owner, at);
  if (!next) return;
  owners_.emplace(owner.id, Entry{*next, owner.type});
  order_.emplace(*next, owner.id);
}

void Boundaries::mark_passed(Time at, Stale& stale) const {
  for (const auto& [time, id] : order_) {
    if (time > at) break;
    stale.mark_rules({owners_.at(id).type, id});
  }
}

void Boundaries::forget(const model::Id& id) {
  const auto found = owners_.find(id);
  if (found == owners_.end()) return;
  order_.erase({found->second.next, id});
  owners_.erase(found);
}

}  // namespace neolia::rules

// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/keys.hpp"

#include <algorithm>

namespace neolia::gateway::state {

Keys::Keys(const KeyList& known, rules::Key used) : last_(used) {
  keys_.reserve(known.size());
  for (const auto& [id, key] : known) add(id, key);
}

rules::Key Keys::of(const model::Id& id) const {
  const auto found = keys_.find(id);
  return found == keys_.end() ? 0 : found->second;
}

model::Id Keys::id_of(rules::Key key) const {
  const auto found = std::ranges::lower_bound(ids_, key, {}, &std::pair<rules::Key, const model::Id*>::first);
  return found == ids_.end() || found->first != key ? model::Id() : *found->second;
}

void Keys::assign(const model::Objects& objects) {
  keys_.reserve(keys_.size() + objects.accounts.size() + objects.units.size() + objects.rules.size());
  const auto assign_all = [&](const auto& list) {
    for (const auto& object : list) {
      if (add(object.id, last_ + 1)) unsaved_.emplace_back(object.id, last_);
    }
  };
  assign_all(objects.sites);
  assign_all(objects.buildings);
  assign_all(objects.units);
  assign_all(objects.accounts);
  assign_all(objects.rules);
}

bool Keys::add(const model::Id& id, rules::Key key) {
  const auto [place, added] = keys_.try_emplace(id, key);
  if (!added) return false;
  ids_.emplace_back(key, &place->first);
  last_ = std::max(last_, key);
  return true;
}

}  // namespace neolia::gateway::state

// SPDX-License-Identifier: Apache-2.0
#include "gateway/tables_change.hpp"

namespace neolia::gateway {
namespace {

template <typename Map>
void compare(const Map& before, const Map& after, Map& put, std::set<std::string>& removed) {
  for (const auto& [name, value] : before) {
    if (!after.contains(name)) removed.insert(name);
  }
  for (const auto& [name, value] : after) {
    const auto old = before.find(name);
    if (old == before.end() || !(old->second == value)) put.emplace(name, value);
  }
}

}  // namespace

rules::TablesChange difference(const rules::Tables& before, const rules::Tables& after) {
  rules::TablesChange change;
  compare(before.subscribers, after.subscribers, change.put.subscribers, change.removed.subscribers);
  compare(before.dial, after.dial, change.put.dial, change.removed.dial);
  compare(before.rules, after.rules, change.put.rules, change.removed.rules);
  compare(before.targets, after.targets, change.put.targets, change.removed.targets);
  return change;
}

std::size_t count_entries(const rules::TablesChange& change) {
  return change.put.dial.size() + change.put.rules.size() + change.put.targets.size() + change.removed.dial.size() +
         change.removed.rules.size() + change.removed.targets.size();
}

bool is_empty(const rules::TablesChange& change) {
  return count_entries(change) == 0 && change.put.subscribers.empty() && change.removed.subscribers.empty();
}

}  // namespace neolia::gateway

// SPDX-License-Identifier: Apache-2.0
#include "rules/compile.hpp"

#include <future>
#include <utility>

#include "model/threads.hpp"
#include "rules/refresh.hpp"

namespace neolia::rules {
namespace {

/// Puts, replaces or removes one entry and notes it when it differs. Names come in order.
template <typename Value>
void settle(const std::string& name, std::optional<Value> value, std::map<std::string, Value>& table,
            std::map<std::string, Value>& put, std::set<std::string>& removed) {
  const auto place = table.lower_bound(name);
  const bool found = place != table.end() && place->first == name;
  if (!value) {
    if (!found) return;
    table.erase(place);
    removed.insert(removed.end(), name);
  } else if (!found || place->second != *value) {
    put.insert_or_assign(put.end(), name, *value);
    table.insert_or_assign(place, name, std::move(*value));
  }
}

void apply_to(auto& table, const auto& put, const std::set<std::string>& removed) {
  for (const auto& [name, value] : put) table.insert_or_assign(name, value);
  for (const std::string& name : removed) table.erase(name);
}

}  // namespace

TablesChange refresh(const Stale& stale, const Entries& entries, Tables& tables) {
  TablesChange change;
  auto of_accounts = std::async(model::launch_for(stale.subscribers.size()), [&] {
    for (const std::string& username : stale.subscribers) {
      settle(username, entries.subscriber(username), tables.subscribers, change.put.subscribers,
             change.removed.subscribers);
    }
    for (const auto& [name, unit_id] : stale.targets) {
      settle(name, entries.targets(unit_id), tables.targets, change.put.targets, change.removed.targets);
    }
  });
  for (const auto& [name, dial] : stale.dial) {
    settle(name, entries.dial(dial.scope, dial.text), tables.dial, change.put.dial, change.removed.dial);
  }
  for (const auto& [name, owner] : stale.rules) {
    settle(name, entries.rules(owner), tables.rules, change.put.rules, change.removed.rules);
  }
  of_accounts.get();
  return change;
}

Tables compile(const Facts& facts, const std::string& realm, const KeyOf& key_of, Time at) {
  Stale everything(key_of);
  model::for_each_noun([&](const auto& noun) {
    for (const auto& object : facts.all<typename std::decay_t<decltype(noun)>::Object>()) {
      everything.mark(facts, object);
    }
  });
  Tables tables;
  refresh(everything, Entries(facts, realm, key_of, at), tables);
  return tables;
}

void apply(Tables& tables, const TablesChange& change) {
  apply_to(tables.subscribers, change.put.subscribers, change.removed.subscribers);
  apply_to(tables.dial, change.put.dial, change.removed.dial);
  apply_to(tables.rules, change.put.rules, change.removed.rules);
  apply_to(tables.targets, change.put.targets, change.removed.targets);
}

}  // namespace neolia::rules

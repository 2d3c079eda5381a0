// SPDX-License-Identifier: Apache-2.0
#include "rules/contained.hpp"

#include <string_view>
#include <unordered_set>
#include <vector>

namespace neolia::rules {
namespace {

class Closure {
 public:
  explicit Closure(const Facts& facts) : facts_(facts) {}

  void add(const model::Site& site) {
    if (!take(ids_.sites, site)) return;
    add_all(facts_.buildings_of(site.id));
    add_owned(site.id);
  }
  void add(const model::Building& building) {
    if (!take(ids_.buildings, building)) return;
    add_all(facts_.units_of(building.id));
    add_owned(building.id);
  }
  void add(const model::Unit& unit) {
    if (take(ids_.units, unit)) add_owned(unit.id);
  }
  void add(const model::Account& account) {
    if (take(ids_.accounts, account)) add_all(facts_.doors_of(account.id));
  }
  void add(const model::Door& door) { take(ids_.doors, door); }
  void add(const model::Rule& rule) { take(ids_.rules, rule); }

  [[nodiscard]] model::ObjectIds ids() && { return std::move(ids_); }

 private:
  bool take(std::vector<model::Id>& ids, const auto& object) {
    const bool is_new = seen_.insert(object.id).second;
    if (is_new) ids.push_back(object.id);
    return is_new;
  }
  void add_all(const auto& objects) {
    for (const auto* object : objects) add(*object);
  }
  void add_owned(std::string_view owner_id) {
    add_all(facts_.accounts_of(owner_id));
    add_all(facts_.rules_of(owner_id));
  }

  const Facts& facts_;
  model::ObjectIds ids_;
  std::unordered_set<std::string_view> seen_;
};

}  // namespace

model::ObjectIds contained(const Facts& facts, const model::ObjectIds& ids) {
  Closure closure(facts);
  model::for_each_noun([&](const auto& noun) {
    for (const model::Id& id : noun.ids(ids)) {
      const auto* const object = facts.find<typename std::decay_t<decltype(noun)>::Object>(id);
      if (object != nullptr) closure.add(*object);
    }
  });
  return std::move(closure).ids();
}

}  // namespace neolia::rules

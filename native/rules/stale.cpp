// SPDX-License-Identifier: Apache-2.0
#include "rules/stale.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "model/names.hpp"

namespace neolia::rules {
namespace {

using model::OwnerType;

/// `u<key>`, `b<key>`, `s<key>`
std::string scope_name(OwnerType type, Key key) { return model::to_string(type).front() + std::to_string(key); }

const model::Building* only_building(const Facts& facts, std::string_view site_id) {
  const auto buildings = facts.buildings_of(site_id);
  if (buildings.empty() || std::next(buildings.begin()) != buildings.end()) return nullptr;
  return buildings.front();
}

}  // namespace

void Stale::mark(const Facts&, const model::Site& site) { mark_rules({OwnerType::site, site.id}); }

void Stale::mark(const Facts&, const model::Building& building) { mark_rules({OwnerType::building, building.id}); }

void Stale::mark(const Facts& facts, const model::Unit& unit) {
  mark_rules({OwnerType::unit, unit.id});
  mark_targets(unit.id);
  mark_numbers(facts, unit);
}

void Stale::mark(const Facts& facts, const model::Account& account) {
  subscribers.insert(account.username);
  if (const model::Site* site = facts.site_of(account.owner)) mark_dial(OwnerType::site, site->id, account.username);
  if (account.owner.type == OwnerType::unit) mark_targets(account.owner.id);
}

void Stale::mark(const Facts&, const model::Door&) {}

void Stale::mark(const Facts&, const model::Rule& rule) { mark_rules(rule.owner); }

void Stale::mark_dependants(const Facts& facts, const model::Building& building) {
  for (const model::Unit* unit : facts.units_of(building.id)) mark_numbers(facts, *unit);
}

void Stale::mark_dependants(const Facts& facts, const model::Unit& unit) {
  for (const model::Account* account : facts.accounts_of(unit.id)) {
    mark(facts, *account);
    mark_dependants(facts, *account);
  }
}

void Stale::mark_dependants(const Facts& facts, const model::Account& account) {
  for (const model::Rule* rule : facts.rules_naming(account.id)) mark_rules(rule->owner);
}

void Stale::mark_rules(const model::Owner& owner) {
  rules.try_emplace(scope_name(owner.type, key_of_(owner.id)), owner);
}

void Stale::mark_only_building(const Facts& facts, std::string_view site_id) {
  const model::Building* const building = only_building(facts, site_id);
  if (building == nullptr) return;
  for (const model::Unit* unit : facts.units_of(building->id)) {
    mark_dial(OwnerType::site, building->site_id, unit->number);
  }
}

void Stale::mark_targets(const model::Id& unit_id) {
  targets.try_emplace(scope_name(OwnerType::unit, key_of_(unit_id)), unit_id);
}

void Stale::mark_dial(OwnerType type, const model::Id& id, std::string_view text) {
  std::string folded(text);
  std::ranges::transform(folded, folded.begin(), Folded::fold);
  std::string name = scope_name(type, key_of_(id)) + ":" + folded;
  dial.try_emplace(std::move(name), Dial{{type, id}, std::move(folded)});
}

void Stale::mark_numbers(const Facts& facts, const model::Unit& unit) {
  const model::Building* const building = facts.building_of(unit);
  if (building == nullptr) return;
  mark_dial(OwnerType::building, building->id, unit.number);
  mark_dial(OwnerType::site, building->site_id, building->code + unit.number);
  if (only_building(facts, building->site_id) == building) {
    mark_dial(OwnerType::site, building->site_id, unit.number);
  }
}

}  // namespace neolia::rules

// SPDX-License-Identifier: Apache-2.0
#include "rules/facts.hpp"

#include <algorithm>
#include <utility>

namespace neolia::rules {

template <typename Noun>
void Facts::put(const Noun& noun, typename Noun::Object&& object, model::Change& inverse) {
  auto& table = std::get<ObjectTable<typename Noun::Object>>(tables_);
  const auto found = table.find(std::string_view(object.id));
  const typename Noun::Object* now = nullptr;
  if (found == table.end()) {
    noun.ids(inverse.removed).push_back(object.id);
    now = &*table.insert(std::move(object)).first;
  } else {
    std::apply([&](auto&... index) { (index.erase(*found), ...); }, indices(object));
    auto node = table.extract(found);
    noun.objects(inverse.put).push_back(std::exchange(node.value(), std::move(object)));
    now = &*table.insert(std::move(node)).position;
  }
  std::apply([&](auto&... index) { (index.insert(*now), ...); }, indices(*now));
}

template <typename Noun>
void Facts::remove(const Noun& noun, const model::Id& id, model::Change& inverse) {
  auto& table = std::get<ObjectTable<typename Noun::Object>>(tables_);
  const auto found = table.find(std::string_view(id));
  if (found == table.end()) return;
  std::apply([&](auto&... index) { (index.erase(*found), ...); }, indices(*found));
  noun.objects(inverse.put).push_back(std::move(table.extract(found).value()));
}

model::Change Facts::apply(model::Change change) {
  model::Change inverse;
  model::for_each_noun([&](const auto& noun) {
    auto& table = std::get<ObjectTable<typename std::decay_t<decltype(noun)>::Object>>(tables_);
    const auto more = noun.objects(change.put).size();
    if (more > table.size()) table.reserve(table.size() + more);
    for (auto& object : noun.objects(change.put)) put(noun, std::move(object), inverse);
    for (const model::Id& id : noun.ids(change.removed)) remove(noun, id, inverse);
    // Of several states of one object the oldest is put back last, so that it stays.
    std::ranges::reverse(noun.objects(inverse.put));
  });
  return inverse;
}

const model::Account* Facts::account_by_username(std::string_view username) const {
  const auto found = accounts_by_username(username);
  return found.empty() ? nullptr : found.front();
}

const model::Unit* Facts::unit_of(const model::Owner& owner) const {
  return owner.type == model::OwnerType::unit ? unit(owner.id) : nullptr;
}

const model::Building* Facts::building_of(const model::Owner& owner) const {
  if (owner.type == model::OwnerType::building) return building(owner.id);
  const model::Unit* const unit = unit_of(owner);
  return unit == nullptr ? nullptr : building_of(*unit);
}

const model::Site* Facts::site_of(const model::Owner& owner) const {
  if (owner.type == model::OwnerType::site) return site(owner.id);
  const model::Building* const building = building_of(owner);
  return building == nullptr ? nullptr : site_of(*building);
}

const model::Site* Facts::site_of(const model::Unit& unit) const {
  const model::Building* const building = building_of(unit);
  return building == nullptr ? nullptr : site_of(*building);
}

}  // namespace neolia::rules

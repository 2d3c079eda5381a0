// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>

#include "rules/facts.hpp"

namespace neolia::rules {

/// The objects as they were before a change, from the facts after it and the inverse that Facts::apply returned. Both
/// are outlived by this.
class Before {
 public:
  Before(const Facts& facts, const model::Change& inverse) : facts_(facts) {
    model::for_each_noun([&](const auto& noun) {
      auto& changed = std::get<ById<typename std::decay_t<decltype(noun)>::Object>>(changed_);
      for (const auto& object : noun.objects(inverse.put)) changed.emplace(object.id, &object);
    });
  }

  /// The old state of an object that the change replaced or removed, or null.
  template <typename Object>
  [[nodiscard]] const Object* changed(std::string_view id) const {
    const auto& objects = std::get<ById<Object>>(changed_);
    const auto found = objects.find(id);
    return found == objects.end() ? nullptr : found->second;
  }

  template <typename Object>
  [[nodiscard]] const Object* find(std::string_view id) const {
    const Object* const object = changed<Object>(id);
    return object == nullptr ? facts_.find<Object>(id) : object;
  }

 private:
  template <typename Object>
  using ById = std::unordered_map<std::string_view, const Object*>;

  const Facts& facts_;
  std::tuple<ById<model::Site>, ById<model::Building>, ById<model::Unit>, ById<model::Account>, ById<model::Door>,
             ById<model::Rule>>
      changed_;
};

/// The id of the site that an object stands in; `view` is Facts or Before. Empty when something above it is missing.
template <typename View>
class SiteIds {
 public:
  explicit SiteIds(const View& view) : view_(view) {}

  [[nodiscard]] std::string_view of(const model::Site& site) const { return site.id; }
  [[nodiscard]] std::string_view of(const model::Building& building) const { return building.site_id; }
  [[nodiscard]] std::string_view of(const model::Unit& unit) const { return of<model::Building>(unit.building_id); }
  [[nodiscard]] std::string_view of(const model::Account& account) const { return of(account.owner); }
  [[nodiscard]] std::string_view of(const model::Rule& rule) const { return of(rule.owner); }
  [[nodiscard]] std::string_view of(const model::Door& door) const { return of<model::Account>(door.account_id); }
  [[nodiscard]] std::string_view of(const model::Owner& owner) const {
    if (owner.type == model::OwnerType::site) return owner.id;
    return owner.type == model::OwnerType::building ? of<model::Building>(owner.id) : of<model::Unit>(owner.id);
  }

 private:
  template <typename Object>
  [[nodiscard]] std::string_view of(std::string_view id) const {
    const Object* const object = view_.template find<Object>(id);
    return object == nullptr ? std::string_view() : of(*object);
  }

  const View& view_;
};

}  // namespace neolia::rules

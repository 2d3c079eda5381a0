// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <tuple>
#include <unordered_set>

#include "model/objects.hpp"
#include "rules/index.hpp"
#include "rules/references.hpp"

namespace neolia::rules {

/// Objects of one noun, found by their ids.
struct ById {
  using is_transparent = void;
  std::size_t operator()(std::string_view id) const { return std::hash<std::string_view>{}(id); }
  std::size_t operator()(const auto& object) const { return (*this)(std::string_view(object.id)); }
};
struct SameId {
  using is_transparent = void;
  bool operator()(const auto& left, const auto& right) const { return id_of(left) == id_of(right); }

 private:
  static std::string_view id_of(std::string_view id) { return id; }
  static std::string_view id_of(const auto& object) { return object.id; }
};
template <typename Object>
using ObjectTable = std::unordered_set<Object, ById, SameId>;

/// The keys of the indices.
struct BelowParent {
  using Key = std::string_view;
  std::tuple<Key, Folded> operator()(const model::Building& building) const {
    return {building.site_id, {building.code}};
  }
  std::tuple<Key, Folded> operator()(const model::Unit& unit) const { return {unit.building_id, {unit.number}}; }
  std::tuple<Key, Key> operator()(const model::Account& account) const { return {account.owner.id, account.username}; }
  std::tuple<Key> operator()(const model::Door& door) const { return {door.account_id}; }
  std::tuple<Key, int> operator()(const model::Rule& rule) const { return {rule.owner.id, rule.position}; }
};
struct ByNumber {
  std::tuple<Folded> operator()(const model::Unit& unit) const { return {{unit.number}}; }
};
struct ByUsername {
  std::tuple<std::string_view> operator()(const model::Account& account) const { return {account.username}; }
};

/// The directory's objects in memory with the indices that rules and validation need. A value that moves but does not
/// copy: no I/O, no locks; const access from several threads is safe. Pointers stay valid until the object they point
/// to is replaced or removed.
class Facts {
 public:
  Facts() = default;
  Facts(Facts&&) = default;
  Facts& operator=(Facts&&) = default;

  /// Applies a change and returns its inverse, so that `apply(apply(change))` restores the facts. Objects may arrive in
  /// any order; whether they fit together is check()'s question (rules/consistency.hpp). What is put and removed at
  /// once is gone afterwards. Costs grow with the change.
  model::Change apply(model::Change change);

  [[nodiscard]] const model::Site* site(std::string_view id) const { return find<model::Site>(id); }
  [[nodiscard]] const model::Building* building(std::string_view id) const { return find<model::Building>(id); }
  [[nodiscard]] const model::Unit* unit(std::string_view id) const { return find<model::Unit>(id); }
  [[nodiscard]] const model::Account* account(std::string_view id) const { return find<model::Account>(id); }
  [[nodiscard]] const model::Door* door(std::string_view id) const { return find<model::Door>(id); }
  [[nodiscard]] const model::Rule* rule(std::string_view id) const { return find<model::Rule>(id); }
  [[nodiscard]] const model::Account* account_by_username(std::string_view username) const;

  /// The object of this noun with this id, or null.
  template <typename Object>
  [[nodiscard]] const Object* find(std::string_view id) const {
    const auto found = all<Object>().find(id);
    return found == all<Object>().end() ? nullptr : &*found;
  }

  /// Every object of a noun, in no particular order; `all<model::Unit>().size()` is their number.
  template <typename Object>
  [[nodiscard]] const ObjectTable<Object>& all() const {
    return std::get<ObjectTable<Object>>(tables_);
  }

  // The objects of a parent, as a range of `const Object*` in the order named. Adding or removing objects ends the
  // range.

  [[nodiscard]] auto buildings_of(std::string_view site_id) const { return buildings_.with(site_id); }  ///< by code
  [[nodiscard]] auto units_of(std::string_view building_id) const { return units_.with(building_id); }  ///< by number
  [[nodiscard]] auto accounts_of(std::string_view owner_id) const { return accounts_.with(owner_id); }  ///< by username
  [[nodiscard]] auto doors_of(std::string_view account_id) const { return doors_.with(account_id); }    ///< by id
  [[nodiscard]] auto rules_of(std::string_view owner_id) const { return rules_.with(owner_id); }        ///< by position
  [[nodiscard]] auto rules_at(std::string_view owner_id, int position) const { return rules_.with(owner_id, position); }

  // Look-ups without regard to case. Consistent facts have at most one object for each, but for units_by_number.

  [[nodiscard]] auto buildings_by_code(std::string_view site_id, std::string_view code) const {
    return buildings_.with(site_id, Folded{code});
  }
  [[nodiscard]] auto units_by_number(std::string_view building_id, std::string_view number) const {
    return units_.with(building_id, Folded{number});
  }
  [[nodiscard]] auto units_by_number(std::string_view number) const { return units_by_number_.with(Folded{number}); }

  [[nodiscard]] auto accounts_by_username(std::string_view username) const {
    return accounts_by_username_.with(username);
  }

  /// The rules whose target names this account, unit or URI domain, in the order of their ids.
  [[nodiscard]] auto rules_naming(std::string_view name) const { return references_.to(name); }

  // What stands above an object; null where there is nothing, or nothing yet.

  [[nodiscard]] const model::Unit* unit_of(const model::Owner& owner) const;
  [[nodiscard]] const model::Building* building_of(const model::Owner& owner) const;
  [[nodiscard]] const model::Building* building_of(const model::Unit& unit) const { return building(unit.building_id); }
  [[nodiscard]] const model::Site* site_of(const model::Owner& owner) const;
  [[nodiscard]] const model::Site* site_of(const model::Unit& unit) const;
  [[nodiscard]] const model::Site* site_of(const model::Building& building) const { return site(building.site_id); }

 private:
  // The indices that objects of a noun stand in.
  static std::tuple<> indices(const model::Site&) { return {}; }
  auto indices(const model::Building&) { return std::tie(buildings_); }
  auto indices(const model::Unit&) { return std::tie(units_, units_by_number_); }
  auto indices(const model::Account&) { return std::tie(accounts_, accounts_by_username_); }
  auto indices(const model::Door&) { return std::tie(doors_); }
  auto indices(const model::Rule&) { return std::tie(rules_, references_); }

  template <typename Noun>
  void put(const Noun& noun, typename Noun::Object&& object, model::Change& inverse);
  template <typename Noun>
  void remove(const Noun& noun, const model::Id& id, model::Change& inverse);

  std::tuple<ObjectTable<model::Site>, ObjectTable<model::Building>, ObjectTable<model::Unit>,
             ObjectTable<model::Account>, ObjectTable<model::Door>, ObjectTable<model::Rule>>
      tables_;
  Index<model::Building, BelowParent> buildings_;
  Index<model::Unit, BelowParent> units_;
  Index<model::Account, BelowParent> accounts_;
  Index<model::Door, BelowParent> doors_;
  Index<model::Rule, BelowParent> rules_;
  Index<model::Unit, ByNumber> units_by_number_;
  Index<model::Account, ByUsername> accounts_by_username_;
  References references_;
};

}  // namespace neolia::rules

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/compile.hpp"
#include "rules/entries.hpp"

namespace neolia::rules {

/// The entries of the compiled form that may have to be made anew, under their names in the tables.
///
/// A change is marked twice, on the facts before and after it: each time with the entries that the changed objects take
/// part in at that moment. What an entry then says is asked of Entries, so marking too much costs time only. Objects
/// come and go together with what stands in them and names them (check() sees to that), so dependants are marked only
/// for objects that are replaced.
class Stale {
 public:
  explicit Stale(const KeyOf& key_of) : key_of_(key_of) {}

  void mark(const Facts& facts, const model::Site& site);
  void mark(const Facts& facts, const model::Building& building);
  void mark(const Facts& facts, const model::Unit& unit);
  void mark(const Facts& facts, const model::Account& account);
  void mark(const Facts& facts, const model::Door& door);
  void mark(const Facts& facts, const model::Rule& rule);

  /// Entries of other objects that say something about this one: what stands in it, and rules that name it.
  void mark_dependants(const Facts& facts, const model::Building& building);
  void mark_dependants(const Facts& facts, const model::Unit& unit);
  void mark_dependants(const Facts& facts, const model::Account& account);
  void mark_dependants(const Facts&, const auto&) {}

  void mark_rules(const model::Owner& owner);

  /// What a site with one building may be dialled by besides: the numbers alone.
  void mark_only_building(const Facts& facts, std::string_view site_id);

  struct Dial {
    DialScope scope;
    std::string text;
  };

  std::set<std::string> subscribers;
  std::map<std::string, Dial> dial;
  std::map<std::string, model::Owner> rules;
  std::map<std::string, model::Id> targets;  ///< unit ids

 private:
  void mark_targets(const model::Id& unit_id);
  void mark_dial(model::OwnerType type, const model::Id& id, std::string_view text);
  void mark_numbers(const Facts& facts, const model::Unit& unit);

  const KeyOf& key_of_;
};

}  // namespace neolia::rules

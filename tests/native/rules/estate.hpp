// SPDX-License-Identifier: Apache-2.0
/// The directory that the row tables play in. Ids are readable here; usernames are the ids of their accounts.
///
/// site home ─ building ba (code A) ─ unit a1 (101): panels hall, kitchen, mobile anna, door door-a1
///          │                       └ unit a2 (102): panel bea
///          │                       └ door door-a
///          ├ building bb (code B) ─ unit b1 (101): mobile carl
///          │                      └ door door-b
///          └ door gate
/// site other ─ building bo (code A) ─ unit o1 (101): panel otto
///                                   └ door door-o
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/compile.hpp"
#include "rules/consistency.hpp"
#include "rules/facts.hpp"

namespace neolia::rules {

inline model::Owner of_unit(model::Id id) { return {model::OwnerType::unit, std::move(id)}; }
inline model::Owner of_building(model::Id id) { return {model::OwnerType::building, std::move(id)}; }
inline model::Owner of_site(model::Id id) { return {model::OwnerType::site, std::move(id)}; }

inline model::Account account(const std::string& username, model::AccountKind kind, model::Owner owner) {
  return {username, std::move(owner), kind, username, username, true, {"md5-" + username, "sha-" + username}};
}

/// Its id is made from owner and position: "a1.2".
inline model::Rule rule(const model::Owner& owner, int position, std::string source, model::Target target) {
  model::Rule rule;
  rule.id = owner.id + "." + std::to_string(position);
  rule.owner = owner;
  rule.position = position;
  rule.source_pattern = std::move(source);
  rule.target = std::move(target);
  return rule;
}

inline model::Objects estate() {
  using enum model::AccountKind;
  model::Objects all;
  all.sites = {{"home", "Home", "Europe/Paris", "192.168.1.2", {"pbx.example.org"}},
               {"other", "Other", "UTC", "192.168.1.3", {}}};
  all.buildings = {{"ba", "home", "Main", "A"}, {"bb", "home", "Annex", "B"}, {"bo", "other", "Main", "A"}};
  all.units = {{"a1", "ba", "Left", "101", false},
               {"a2", "ba", "Right", "102", false},
               {"b1", "bb", "Loft", "101", false},
               {"o1", "bo", "Far", "101", false}};
  all.accounts = {account("hall", panel, of_unit("a1")),     account("kitchen", panel, of_unit("a1")),
                  account("anna", mobile, of_unit("a1")),    account("door-a1", door, of_unit("a1")),
                  account("bea", panel, of_unit("a2")),      account("door-a", door, of_building("ba")),
                  account("carl", mobile, of_unit("b1")),    account("door-b", door, of_building("bb")),
                  account("gate", door, of_site("home")),    account("otto", panel, of_unit("o1")),
                  account("door-o", door, of_building("bo"))};
  all.doors = {{"gate-door", "gate", "Gate", model::OpenByDtmf{"#1"}}};
  return all;
}

/// Changes the objects of the estate.
using Tweak = std::function<void(model::Objects&)>;

template <typename Object>
Object& find(std::vector<Object>& objects, std::string_view id) {
  return *std::ranges::find(objects, id, &Object::id);
}

inline void disturb_not(model::Objects& all, std::string_view unit_id) {
  find(all.units, unit_id).do_not_disturb = true;
}
inline void switch_off(model::Objects& all, std::string_view account_id) {
  find(all.accounts, account_id).enabled = false;
}

/// The estate with these rules and changes; it must be consistent.
inline Facts make_facts(const std::vector<model::Rule>& rules = {}, const Tweak& tweak = {}) {
  model::Change change{estate(), {}};
  change.put.rules = rules;
  if (tweak) tweak(change.put);
  Facts facts;
  const model::Change inverse = facts.apply(change);
  for (const Finding& finding : check(facts, change, inverse)) {
    ADD_FAILURE() << finding.noun << " " << finding.object_id << ": " << finding.field.path << " "
                  << finding.field.message;
  }
  return facts;
}

}  // namespace neolia::rules

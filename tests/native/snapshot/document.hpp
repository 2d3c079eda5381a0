// SPDX-License-Identifier: Apache-2.0
/// A small directory as a snapshot, and what a refusal says.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "model/json.hpp"
#include "snapshot/snapshot.hpp"

namespace neolia::snapshot {

using model::Id;
using model::Json;

inline constexpr std::size_t kLimit = 1 << 20;

/// A ULID that can be told from others: "S1" with zeros in front.
inline Id id(const std::string& name) { return std::string(26 - name.size(), '0') + name; }

inline model::Account account(const char* name, const char* username, model::AccountKind kind, model::Owner owner) {
  model::Account account;
  account.id = id(name);
  account.owner = std::move(owner);
  account.kind = kind;
  account.username = account.name = username;
  account.credentials = {std::string(32, 'a'), std::string(64, 'b')};
  return account;
}

inline model::Objects objects() {
  model::Objects all;
  all.sites = {{id("S1"), "Hôme \"one\"", "Europe/Paris", "192.168.1.2", {"pbx.example.org"}}};
  all.buildings = {{id("B1"), id("S1"), "Main", "A"}};
  all.units = {{id("V1"), id("B1"), "Left", "101", false}, {id("V2"), id("B1"), "Right", "102", true}};
  all.accounts.push_back(account("A1", "hall", model::AccountKind::panel, {model::OwnerType::unit, id("V1")}));
  all.accounts.push_back(account("A2", "gate", model::AccountKind::door, {model::OwnerType::site, id("S1")}));
  all.doors = {{id("D1"), id("A2"), "Gate", model::OpenByAction{"lock.unlock", "lock.gate"}}};
  model::Rule rule;
  rule.id = id("R1");
  rule.owner = {model::OwnerType::unit, id("V1")};
  rule.source_pattern = "@door";
  rule.schedule = model::Schedule{{{{model::Day::mon, model::Day::sun}, 22 * 60, 6 * 60}}};
  rule.target = model::RingAccounts{{id("A1")}};
  all.rules = {rule};
  return all;
}

inline Snapshot snapshot() { return {{id("DD"), "Home", "home.example"}, 7, objects()}; }

inline Changes changes() {
  Changes changes{id("DD"), 7, 9, {objects(), {}}};
  changes.change.removed.units = {id("V9")};
  changes.change.removed.rules = {id("R8"), id("R9")};
  return changes;
}

inline std::string text_of(const Snapshot& snapshot) {
  rules::Facts facts;
  facts.apply({snapshot.objects, {}});
  return write(snapshot.directory, snapshot.revision, facts);
}

/// "code path" of every bad field, sorted, several separated by ", "; the message when there is none.
inline std::string fields_of(const model::Error& error) {
  std::vector<std::string> fields;
  for (const auto& field : error.fields) fields.push_back(std::string(to_string(field.code)) + " " + field.path);
  std::ranges::sort(fields);
  std::string text;
  for (const std::string& field : fields) text += (text.empty() ? "" : ", ") + field;
  return fields.empty() ? error.message : text;
}

}  // namespace neolia::snapshot

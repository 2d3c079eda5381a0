// SPDX-License-Identifier: Apache-2.0
/// The compiled form of the directory that Kamailio reads (docs/architecture.md §2).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "rules/facts.hpp"
#include "rules/simulate.hpp"

namespace neolia::rules {

using Key = std::int64_t;

/// The integer of an object; every object of the facts must have one, the same at every call.
using KeyOf = std::function<Key(const model::Id&)>;

struct Subscriber {
  std::string username;
  std::string realm;
  model::Credentials credentials;
  Key account_key = 0;
  model::AccountKind kind{};
  Key unit_key = 0;
  Key building_key = 0;
  Key site_key = 0;

  bool operator==(const Subscriber&) const = default;
};

struct Tables {
  std::map<std::string, Subscriber> subscribers;  ///< by username
  std::map<std::string, std::string> dial;
  std::map<std::string, std::string> rules;
  std::map<std::string, std::string> targets;

  bool operator==(const Tables&) const = default;
};

/// The difference between two Tables: what to write, what to delete.
struct TablesChange {
  Tables put;
  struct {
    std::set<std::string> subscribers, dial, rules, targets;
  } removed;
};

/// Everything, as it reads at `at`.
[[nodiscard]] Tables compile(const Facts& facts, const std::string& realm, const KeyOf& key_of, Time at);

/// Keeps facts and their compiled form together and moves both by difference. A value of one thread.
class Compiler {
 public:
  Compiler(std::string realm, KeyOf key_of, Time at);

  /// Applies the change as of `at` and returns what differs. Costs grow with the change (plus, when `at` passed a
  /// schedule boundary, with the owners that have schedules). tables() then equals compile(facts(), …, at).
  TablesChange apply(model::Change change, Time at);

  [[nodiscard]] const Facts& facts() const;
  [[nodiscard]] const Tables& tables() const;

  /// The first moment after the last `at` when the tables may change by time alone; empty when they never do.
  [[nodiscard]] std::optional<Time> next_boundary() const;
};

void apply(Tables& tables, const TablesChange& change);

}  // namespace neolia::rules

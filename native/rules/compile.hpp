// SPDX-License-Identifier: Apache-2.0
/// The compiled form of the directory that Kamailio reads (docs/architecture.md §2).
///
/// compile() settles what the clock, switches and do-not-disturb decide. What depends on the caller is left to the
/// reader, which takes these steps for a call of an authenticated account A (its keys come with its credentials) to a
/// text D:
///
/// 1. Fold D to lower case. The first entry of `dial` wins: `b<building of A>:D` (not when that key is 0), `s<site of
/// A>:D`.
///    None: denied, 404.
/// 2. An entry of an account of kind `d`: A may ring it when A is `p` or `m` and the entry's U is A's unit; or U is 0
/// and
///    the entry's B is A's building; or U and B are 0. Then the only step is `r,60,s,<username>`; else denied, 403.
/// 3. Else, with U, B and S of the entry: A's descriptor is `<kind><near>:<username>`. `near`: `u` A's unit is U; `n`
/// A's
///    unit is another one and A's building is B; `b` A has no unit and its building is B; `s` A has neither unit nor
///    building; else `f`.
/// 4. Walk the rules of `u<U>`, `b<B>`, `s<S>` in this order. A rule whose pattern matches the descriptor (fnmatch
/// without
///    flags) adds its step, unless the step has nobody to ring:
///    - `r` of a call to a unit: `*` means the users of `targets=>u<U>`, else those listed; A left out; nobody left: no
///    step.
///    - `r` of a call to an account: that account alone, if it is in `targets=>u<U>` and is not A; else no step.
///    - `f` to `u<X>`: the users of `targets=>u<X>` at this moment, A left out; nobody left: no step.
///    - `f` to `a<username>`: no step when it is A.
///    - `f` to `x<uri>`, `v`, `j`: always a step.
///    After 16 steps the walk ends.
/// 5. No step: denied, 403.
///
/// compile() has left out: rules that are off or whose schedule does not match now; named ring steps none of whose
/// accounts may ring; forwards to accounts that may not ring (rules/ringing.hpp); the `dial` entries of door accounts
/// that are off; the credentials of all accounts that are off.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "rules/facts.hpp"
#include "rules/time.hpp"

namespace neolia::rules {

using Key = std::int64_t;

/// The integer of a site, building, unit, account or rule; every one of the facts must have one, the same at every
/// call. Two threads may call it at a time.
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
  struct Removed {
    std::set<std::string> subscribers, dial, rules, targets;

    bool operator==(const Removed&) const = default;
  } removed;

  bool operator==(const TablesChange&) const = default;
};

void apply(Tables& tables, const TablesChange& change);

/// Everything, as it reads at `at`. The facts are consistent: check() found nothing in them.
[[nodiscard]] Tables compile(const Facts& facts, const std::string& realm, const KeyOf& key_of, Time at);

/// Keeps facts and their compiled form together and moves both by difference. A value of one thread.
class Compiler {
 public:
  Compiler(std::string realm, KeyOf key_of, Time at);
  Compiler(Compiler&&) noexcept;
  Compiler& operator=(Compiler&&) noexcept;
  ~Compiler();

  /// Applies the change as of `at` and returns what differs; the change leaves consistent facts. Costs grow with the
  /// change (plus, when `at` passed a schedule boundary, with the owners whose schedules changed there). tables() then
  /// equals compile(facts(), …, at), also when `at` is before the last one.
  TablesChange apply(model::Change change, Time at);

  [[nodiscard]] const Facts& facts() const;
  [[nodiscard]] const Tables& tables() const;

  /// The first moment after the last `at` when the tables may change by time alone; empty when they never do.
  [[nodiscard]] std::optional<Time> next_boundary() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace neolia::rules

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/json.hpp"
#include "rules/facts.hpp"

namespace neolia::rules {

using Time = std::chrono::sys_seconds;

/// What a rule becomes for one call.
struct Step {
  model::Id rule_id;  ///< empty for a call to a door
  model::Action action{};
  int ring_seconds = 0;
  model::OnDecline on_decline{};
  std::vector<std::string> usernames;  ///< ring, and forward to an account or unit: who is rung, sorted
  std::optional<model::Id> forward_unit_id;
  std::string uri;                     ///< forward to a SIP URI
  int code = 0;                        ///< reject

  bool operator==(const Step&) const = default;
};

enum class RuleReason {
  matched,
  off,
  other_source,
  other_time,
  nobody_to_ring,
  do_not_disturb,
  too_many_steps
};

/// Why a rule did or did not become a step.
struct RuleOutcome {
  model::Id rule_id;
  RuleReason reason{};

  bool operator==(const RuleOutcome&) const = default;
};

enum class Denial { none, unknown_caller, caller_disabled, unknown_number, no_rule };

struct Called {
  const model::Unit* unit = nullptr;        ///< the called unit, or the unit of the called panel or mobile
  const model::Account* account = nullptr;  ///< set for a call to an account
};

struct Simulation {
  Denial denial = Denial::none;
  Called called;
  std::vector<Step> steps;
  std::vector<RuleOutcome> rules;  ///< every rule that was looked at, in order
};

/// What a call would do: the semantics that Kamailio must agree with. `dialled` is the user part of the request URI, any case.
[[nodiscard]] Simulation simulate(const Facts& facts, const model::Account* caller, std::string_view dialled, Time at);

/// docs/architecture.md §6.
[[nodiscard]] model::Json to_json(const Simulation& simulation, const Facts& facts);

}  // namespace neolia::rules

// SPDX-License-Identifier: Apache-2.0
/// What a call would do. Kamailio, which reads the compiled form, must always agree (rules/compile.hpp).
///
/// **Caller**: the authenticated account. Nothing is found, matched or rung outside its site, an allowed SIP URI aside.
///
/// **Dialling** (rules/dialling.hpp), case-folded, the first of: a unit's number in the caller's own building; building
/// code + number in the site; the number alone where the site has one building; a username of the site.
///
/// **Call to a unit, panel or mobile**: the rules of the unit, then of its building, then of its site, each by
/// position. A rule that is on and whose source and time match becomes the next step, unless it has nobody to ring or
/// there are kMaxSteps already. Calls to a panel or mobile walk the rules of its unit; each ring step then rings that
/// account only.
///
/// **Nobody to ring** drops a step, whichever account the call is to:
/// - ring all: no panel or mobile of the unit is enabled, or the unit has do-not-disturb, or only the caller is left;
/// - ring named accounts: none of those named is enabled, or the unit has do-not-disturb, or only the caller is left;
/// - a ring step of a call to an account: the account is not enabled, its unit has do-not-disturb, or it is the caller;
/// - forward to a unit: as ring all, of that unit, with that unit's do-not-disturb;
/// - forward to an account: it is not enabled, it is a panel or mobile of a unit with do-not-disturb, or it is the
/// caller. Other steps stay, whatever the called unit's do-not-disturb says.
///
/// **Call to a door**: no rules; one ring step of kDoorRingSeconds when the caller is a panel or mobile of the door's
/// own unit, of a unit of its building (door of a building), or of any unit (door of a site); else denied.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/json.hpp"
#include "rules/facts.hpp"
#include "rules/time.hpp"

namespace neolia::rules {

inline constexpr std::size_t kMaxSteps = 16;
inline constexpr int kDoorRingSeconds = 60;

/// What a rule becomes for one call.
struct Step {
  model::Id rule_id;  ///< empty for a call to a door
  model::Action action{};
  int ring_seconds = 0;
  model::OnDecline on_decline{};
  std::vector<std::string> usernames;  ///< ring, and forward to an account or unit: who is rung, sorted
  std::optional<model::Id> forward_unit_id;
  std::string uri;  ///< forward to a SIP URI
  int code = 0;     ///< reject

  bool operator==(const Step&) const = default;
};

enum class RuleReason { matched, off, other_source, other_time, nobody_to_ring, do_not_disturb, too_many_steps };

/// Why a rule did or did not become a step.
struct RuleOutcome {
  model::Id rule_id;
  RuleReason reason{};

  bool operator==(const RuleOutcome&) const = default;
};

enum class Denial { none, unknown_caller, caller_disabled, unknown_number, no_rule };

struct Called {
  const model::Unit* unit = nullptr;        ///< the called unit, or the unit of the called account
  const model::Account* account = nullptr;  ///< set for a call to an account
};

struct Simulation {
  Denial denial = Denial::none;
  Called called;
  std::vector<Step> steps;         ///< empty when denied
  std::vector<RuleOutcome> rules;  ///< every rule that was looked at, in order
};

/// `caller` may be null: denied. `dialled` is the user part of the request URI, any case.
[[nodiscard]] Simulation simulate(const Facts& facts, const model::Account* caller, std::string_view dialled, Time at);

[[nodiscard]] const char* to_string(RuleReason reason);
[[nodiscard]] const char* to_string(Denial denial);

/// The SIP code of a denial: 404 for an unknown number, else 403; 0 for none.
[[nodiscard]] int code_of(Denial denial);

/// docs/architecture.md §6.
[[nodiscard]] model::Json to_json(const Simulation& simulation, const Facts& facts);

}  // namespace neolia::rules

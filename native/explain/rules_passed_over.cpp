// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>

#include "explain/names.hpp"
#include "explain/tellers.hpp"
#include "model/names.hpp"
#include "rules/simulate.hpp"

namespace neolia::explain {
namespace {

struct PassedOver {
  Code code;
  const char* text;
};

/// In the order of rules::RuleReason.
constexpr std::array kReasons{
    PassedOver{Code::rule_would_apply, " would apply by the directory as it is now."},
    PassedOver{Code::rule_off, " is switched off."},
    PassedOver{Code::rule_other_source, " is for other callers."},
    PassedOver{Code::rule_other_time, " is for other times."},
    PassedOver{Code::rule_nobody_to_ring, " had nobody to ring."},
    PassedOver{Code::rule_do_not_disturb, " did not ring: do not disturb was on."},
    PassedOver{Code::rule_too_many_steps, " came too late: a call has at most 16 steps."},
};

bool was_taken(const Story& story, const std::string& rule_id) {
  const Json& steps = value_of(story.call, "steps");
  return steps.is_array() &&
         std::ranges::any_of(steps, [&](const Json& step) { return text_of(step, "rule_id") == rule_id; });
}

bool is_same_call(const rules::Simulation& simulation, const Json& event) {
  using rules::Denial;
  const std::string unit_id = text_of(event, "unit_id");
  return (simulation.denial == Denial::none || simulation.denial == Denial::no_rule) &&
         simulation.called.unit != nullptr && simulation.called.unit->id == unit_id;
}

std::size_t tell_outcomes(Story& story, const Json& event, const rules::Simulation& simulation) {
  const bool denied = text_of(event, "type") == "denied";
  std::size_t told = 0;
  for (const rules::RuleOutcome& outcome : simulation.rules) {
    if (was_taken(story, outcome.rule_id)) continue;
    if (outcome.reason == rules::RuleReason::other_source && !denied) continue;
    const PassedOver& reason = kReasons.at(static_cast<std::size_t>(outcome.reason));
    story.tell(reason.code, event, rule_name(story.facts, outcome.rule_id) + reason.text,
               rule_parameters(story.facts, outcome.rule_id));
    ++told;
  }
  return told;
}

}  // namespace

void tell_rules_passed_over(Story& story, const Json& event) {
  const auto at = moment_of(event);
  if (!at) return;
  const model::Account* const caller = story.facts.account(text_of(value_of(event, "caller"), "account_id"));
  const auto simulation =
      rules::simulate(story.facts, caller, text_of(event, "dialled"), std::chrono::floor<std::chrono::seconds>(*at));
  if (!is_same_call(simulation, event)) {
    return story.tell(Code::rules_unknown, event,
                      "Which rules did not apply cannot be told: the directory was changed since.");
  }
  if (tell_outcomes(story, event, simulation) == 0 || !story.changed_at || *story.changed_at <= *at) return;
  story.tell(Code::directory_changed, event,
             "The directory was changed after this call; this is what its rules say as they are now.");
}

}  // namespace neolia::explain

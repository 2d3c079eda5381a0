// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "model/names.hpp"
#include "rules/simulate.hpp"

namespace neolia::rules {
namespace {

using model::Json;

constexpr std::array kReasons{"matched",        "off",           "other_source", "other_time", "nobody_to_ring",
                              "do_not_disturb", "too_many_steps"};
constexpr std::array kDenials{"none", "unknown_caller", "caller_disabled", "unknown_number", "no_rule"};

Json id_or_null(const auto* object) { return object == nullptr ? Json(nullptr) : Json(object->id); }

Json to_json(const Called& called, const Facts& facts) {
  const model::Owner owner = called.account != nullptr ? called.account->owner
                             : called.unit != nullptr  ? model::Owner{model::OwnerType::unit, called.unit->id}
                                                       : model::Owner{};
  return {{"site_id", id_or_null(facts.site_of(owner))},
          {"building_id", id_or_null(facts.building_of(owner))},
          {"unit_id", id_or_null(called.unit)},
          {"account_id", id_or_null(called.account)}};
}

Json to_json(const Step& step) {
  const bool rings = step.action == model::Action::ring || step.action == model::Action::forward;
  const auto or_null = [](bool present, auto&& value) { return present ? Json(value) : Json(nullptr); };
  return {{"rule_id", or_null(!step.rule_id.empty(), step.rule_id)},
          {"action", model::to_string(step.action)},
          {"ring_seconds", or_null(rings, step.ring_seconds)},
          {"on_decline", or_null(rings, model::to_string(step.on_decline))},
          {"usernames", or_null(!step.usernames.empty(), step.usernames)},
          {"forward_unit_id", or_null(step.forward_unit_id.has_value(), step.forward_unit_id.value_or(""))},
          {"uri", or_null(!step.uri.empty(), step.uri)},
          {"code", or_null(step.code != 0, step.code)}};
}

Json to_json(const RuleOutcome& outcome, const Facts& facts) {
  const model::Rule* const rule = facts.rule(outcome.rule_id);
  return {{"rule_id", outcome.rule_id},
          {"owner", {{"type", model::to_string(rule->owner.type)}, {"id", rule->owner.id}}},
          {"position", rule->position},
          {"matched", outcome.reason == RuleReason::matched},
          {"reason", to_string(outcome.reason)}};
}

}  // namespace

const char* to_string(RuleReason reason) { return kReasons[static_cast<std::size_t>(reason)]; }
const char* to_string(Denial denial) { return kDenials[static_cast<std::size_t>(denial)]; }

int code_of(Denial denial) {
  if (denial == Denial::none) return 0;
  return denial == Denial::unknown_number ? 404 : 403;
}

Json to_json(const Simulation& simulation, const Facts& facts) {
  const bool denied = simulation.denial != Denial::none;
  Json steps = Json::array();
  for (const Step& step : simulation.steps) steps.push_back(to_json(step));
  Json rules = Json::array();
  for (const RuleOutcome& outcome : simulation.rules) rules.push_back(to_json(outcome, facts));
  return {{"outcome", denied ? "denied" : "steps"},
          {"code", denied ? Json(code_of(simulation.denial)) : Json(nullptr)},
          {"reason", denied ? Json(to_string(simulation.denial)) : Json(nullptr)},
          {"called", to_json(simulation.called, facts)},
          {"steps", std::move(steps)},
          {"rules", std::move(rules)}};
}

}  // namespace neolia::rules

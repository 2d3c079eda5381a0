// SPDX-License-Identifier: Apache-2.0
#include "bindings/simulated.hpp"

#include "model/names.hpp"

namespace neolia::bindings {
namespace {

using model::Id;
using rules::Denial;

py::str text(std::string_view value) { return {value.data(), value.size()}; }

py::object id_or_none(const std::optional<Id>& id) { return id ? py::object(text(*id)) : py::none(); }

template <typename Value>
py::object or_none(bool present, const Value& value) {
  return present ? py::cast(value) : py::none();
}

template <typename Object>
std::optional<Id> id_of(const Object* object) {
  return object == nullptr ? std::nullopt : std::optional(object->id);
}

void note_called(const rules::Facts& facts, Simulated& simulated) {
  auto& called = simulated.simulation.called;
  if (called.account == nullptr && called.unit == nullptr) return;
  const model::Owner owner =
      called.account != nullptr ? called.account->owner : model::Owner{model::OwnerType::unit, called.unit->id};
  simulated.site_id = id_of(facts.site_of(owner));
  simulated.building_id = id_of(facts.building_of(owner));
  simulated.unit_id = id_of(called.unit);
  simulated.account_id = id_of(called.account);
  called = {};
}

py::dict called_dict(const Simulated& simulated) {
  py::dict dict;
  dict["site_id"] = id_or_none(simulated.site_id);
  dict["building_id"] = id_or_none(simulated.building_id);
  dict["unit_id"] = id_or_none(simulated.unit_id);
  dict["account_id"] = id_or_none(simulated.account_id);
  return dict;
}

py::dict step_dict(const rules::Step& step) {
  const bool rings = step.action == model::Action::ring || step.action == model::Action::forward;
  py::list usernames;
  for (const std::string& username : step.usernames) usernames.append(text(username));
  py::dict dict;
  dict["rule_id"] = or_none(!step.rule_id.empty(), step.rule_id);
  dict["action"] = text(model::to_string(step.action));
  dict["ring_seconds"] = or_none(rings, step.ring_seconds);
  dict["on_decline"] = or_none(rings, model::to_string(step.on_decline));
  dict["usernames"] = step.usernames.empty() ? py::object(py::none()) : usernames;
  dict["forward_unit_id"] = id_or_none(step.forward_unit_id);
  dict["uri"] = or_none(!step.uri.empty(), step.uri);
  dict["code"] = or_none(step.code != 0, step.code);
  return dict;
}

py::dict rule_dict(const rules::RuleOutcome& outcome, const Simulated::Place& place) {
  py::dict owner;
  owner["type"] = text(model::to_string(place.owner.type));
  owner["id"] = text(place.owner.id);
  py::dict dict;
  dict["rule_id"] = text(outcome.rule_id);
  dict["owner"] = std::move(owner);
  dict["position"] = place.position;
  dict["matched"] = outcome.reason == rules::RuleReason::matched;
  dict["reason"] = rules::to_string(outcome.reason);
  return dict;
}

}  // namespace

Simulated simulated(const rules::Facts& facts, std::string_view caller_account_id, std::string_view dialled,
                    rules::Time at) {
  Simulated simulated{rules::simulate(facts, facts.account(caller_account_id), dialled, at), {}, {}, {}, {}, {}};
  note_called(facts, simulated);
  simulated.places.reserve(simulated.simulation.rules.size());
  for (const rules::RuleOutcome& outcome : simulated.simulation.rules) {
    const model::Rule* const rule = facts.rule(outcome.rule_id);
    simulated.places.push_back(rule == nullptr ? Simulated::Place{} : Simulated::Place{rule->owner, rule->position});
  }
  return simulated;
}

py::object to_python(const Simulated& simulated) {
  const rules::Simulation& simulation = simulated.simulation;
  const bool denied = simulation.denial != Denial::none;
  py::list steps;
  for (const rules::Step& step : simulation.steps) steps.append(step_dict(step));
  py::list rules_looked_at;
  for (std::size_t i = 0; i < simulation.rules.size(); ++i) {
    rules_looked_at.append(rule_dict(simulation.rules[i], simulated.places[i]));
  }
  py::dict dict;
  dict["outcome"] = denied ? "denied" : "steps";
  dict["code"] = or_none(denied, rules::code_of(simulation.denial));
  dict["reason"] = or_none(denied, rules::to_string(simulation.denial));
  dict["called"] = called_dict(simulated);
  dict["steps"] = std::move(steps);
  dict["rules"] = std::move(rules_looked_at);
  return dict;
}

}  // namespace neolia::bindings

// SPDX-License-Identifier: Apache-2.0
#include "rules/simulate.hpp"

#include <utility>
#include <variant>

#include "rules/dialling.hpp"
#include "rules/ringing.hpp"
#include "rules/schedule.hpp"
#include "rules/sources.hpp"

namespace neolia::rules {
namespace {

using model::AccountKind;
using model::OwnerType;

/// One call on its way through the rules.
class Walk {
 public:
  Walk(const Facts& facts, const model::Account& caller, Time at, Simulation& simulation)
      : facts_(facts), caller_(caller), at_(at), simulation_(simulation) {}

  void along_rules() {
    const model::Building* const building = facts_.building_of(unit());
    look_at_rules_of(unit().id);
    look_at_rules_of(building->id);
    look_at_rules_of(building->site_id);
  }

 private:
  [[nodiscard]] const model::Unit& unit() const { return *simulation_.called.unit; }

  void look_at_rules_of(std::string_view owner_id) {
    for (const model::Rule* rule : facts_.rules_of(owner_id)) simulation_.rules.push_back({rule->id, judge(*rule)});
  }

  RuleReason judge(const model::Rule& rule) {
    if (!rule.enabled) return RuleReason::off;
    if (!matches_source(facts_, rule.source_pattern, caller_, unit())) return RuleReason::other_source;
    if (rule.schedule && !matches(*rule.schedule, clock())) return RuleReason::other_time;
    Step step{rule.id, model::action_of(rule.target), 0, {}, {}, std::nullopt, {}, 0};
    const RuleReason reason = std::visit([&](const auto& target) { return aim(target, step); }, rule.target);
    if (reason != RuleReason::matched) return reason;
    if (simulation_.steps.size() == kMaxSteps) return RuleReason::too_many_steps;
    if (step.action == model::Action::ring || step.action == model::Action::forward) {
      step.ring_seconds = rule.ring_seconds;
      step.on_decline = rule.on_decline;
    }
    simulation_.steps.push_back(std::move(step));
    return RuleReason::matched;
  }

  RuleReason aim(const model::RingAll&, Step& step) { return ring(ring_targets(facts_, unit()), step); }

  RuleReason aim(const model::RingAccounts& target, Step& step) {
    return ring(ring_targets(facts_, target.account_ids), step);
  }

  RuleReason aim(const model::ForwardAccount& target, Step& step) {
    const model::Account* const account = facts_.account(target.account_id);
    if (account == nullptr) return RuleReason::nobody_to_ring;
    if (may_ring(facts_, *account)) step.usernames = {account->username};
    return settle(step, facts_.unit_of(account->owner));
  }

  RuleReason aim(const model::ForwardUnit& target, Step& step) {
    const model::Unit* const other = facts_.unit(target.unit_id);
    if (other == nullptr) return RuleReason::nobody_to_ring;
    step.usernames = ring_targets(facts_, *other);
    step.forward_unit_id = other->id;
    return settle(step, other);
  }

  RuleReason aim(const model::ForwardUri& target, Step& step) {
    step.uri = target.uri;
    return RuleReason::matched;
  }

  RuleReason aim(const model::Voicemail&, Step&) { return RuleReason::matched; }

  RuleReason aim(const model::Reject& target, Step& step) {
    step.code = target.code;
    return RuleReason::matched;
  }

  RuleReason ring(std::vector<std::string> usernames, Step& step) {
    step.usernames = std::move(usernames);
    const model::Account* const called = simulation_.called.account;
    if (called != nullptr && !step.usernames.empty()) {
      step.usernames.clear();
      if (may_ring(facts_, *called)) step.usernames.push_back(called->username);
    }
    return settle(step, &unit());
  }

  /// Leaves out the caller and says whether somebody is left; `of` is the unit whose accounts are rung.
  RuleReason settle(Step& step, const model::Unit* of) {
    std::erase(step.usernames, caller_.username);
    if (!step.usernames.empty()) return RuleReason::matched;
    return of != nullptr && of->do_not_disturb ? RuleReason::do_not_disturb : RuleReason::nobody_to_ring;
  }

  WallClock clock() {
    if (!clock_) clock_ = wall_clock(facts_.site_of(unit())->time_zone, at_);
    return *clock_;
  }

  const Facts& facts_;
  const model::Account& caller_;
  const Time at_;
  Simulation& simulation_;
  std::optional<WallClock> clock_;
};

/// Whether a panel or mobile of `caller` may ring a door of `door`.
bool may_call_door(const Facts& facts, const model::Owner& door, const model::Owner& caller) {
  const model::Building* const building = facts.building_of(caller);
  return door.type == OwnerType::site || door.id == caller.id ||
         (door.type == OwnerType::building && building != nullptr && door.id == building->id);
}

void call_door(const Facts& facts, const model::Account& door, const model::Account& caller, Simulation& simulation) {
  if (caller.kind == AccountKind::door || !may_call_door(facts, door.owner, caller.owner)) return;
  simulation.steps.push_back(
      {{}, model::Action::ring, kDoorRingSeconds, model::OnDecline::stop, {door.username}, std::nullopt, {}, 0});
}

Dialled look_up(const Facts& facts, const model::Account& caller, std::string_view text) {
  if (const model::Building* building = facts.building_of(caller.owner)) {
    if (const Dialled near = look_up_in_building(facts, building->id, text)) return near;
  }
  const model::Site* const site = facts.site_of(caller.owner);
  return site == nullptr ? Dialled{} : look_up_in_site(facts, site->id, text);
}

}  // namespace

Simulation simulate(const Facts& facts, const model::Account* caller, std::string_view dialled, Time at) {
  Simulation simulation;
  const auto denied = [&](Denial denial) {
    simulation.denial = denial;
    return simulation;
  };
  if (caller == nullptr) return denied(Denial::unknown_caller);
  if (!caller->enabled) return denied(Denial::caller_disabled);
  const Dialled found = look_up(facts, *caller, dialled);
  if (!found) return denied(Denial::unknown_number);
  simulation.called = {found.account == nullptr ? found.unit : facts.unit_of(found.account->owner), found.account};
  if (found.account != nullptr && found.account->kind == AccountKind::door) {
    call_door(facts, *found.account, *caller, simulation);
  } else {
    Walk(facts, *caller, at, simulation).along_rules();
  }
  return simulation.steps.empty() ? denied(Denial::no_rule) : simulation;
}

}  // namespace neolia::rules

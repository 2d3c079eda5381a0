// SPDX-License-Identifier: Apache-2.0
/// What must hold for every directory and call.
#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/names.hpp"
#include "model/seeded.hpp"
#include "rules/keys.hpp"
#include "rules/random_directory.hpp"
#include "rules/reader.hpp"
#include "rules/simulate.hpp"

namespace neolia::rules {
namespace {

using namespace model;

constexpr const char* kRealm = "sip.example.org";

class Property : public Seeded {
 protected:
  RandomDirectory& directory() { return directory_; }

 private:
  RandomDirectory directory_{random()};
};

template <typename Object>
std::vector<Object> sorted(const Facts& facts) {
  std::vector<Object> objects(facts.all<Object>().begin(), facts.all<Object>().end());
  std::ranges::sort(objects, {}, &Object::id);
  return objects;
}

/// Everything, in the order of the ids.
Objects all_of(const Facts& facts) {
  Objects all;
  for_each_noun(
      [&](const auto& noun) { noun.objects(all) = sorted<typename std::decay_t<decltype(noun)>::Object>(facts); });
  return all;
}

std::string describe(const Simulation& simulation, const Facts& facts) { return to_json(simulation, facts).dump(1); }

/// A step as the reader of the compiled form writes it.
std::string written(const Step& step, const KeyOf& key_of) {
  std::ostringstream out;
  const bool rings = step.action == Action::ring || step.action == Action::forward;
  out << (step.rule_id.empty() ? 0 : key_of(step.rule_id)) << "~"
      << "rfvj"[static_cast<int>(step.action)] << ",";
  if (rings) out << step.ring_seconds;
  out << "," << (!rings ? "" : step.on_decline == OnDecline::stop ? "s" : "c") << ",";
  const char* separator = "";
  for (const std::string& username : step.usernames) {
    out << separator << username;
    separator = " ";
  }
  if (!step.uri.empty()) out << "x" << step.uri;
  if (step.code != 0) out << step.code;
  return out.str();
}

Decision expected_of(const Simulation& simulation, const KeyOf& key_of) {
  Decision decision{code_of(simulation.denial), {}};
  for (const Step& step : simulation.steps) decision.steps.push_back(written(step, key_of));
  return decision;
}

/// What the random calls came to, so that a test shows that it tested something. The limits below are far under what
/// any of some hundred seeds gave.
struct Coverage {
  int calls = 0, account_calls = 0, unit_calls = 0, door_rings = 0, denied = 0, many_steps = 0;
  std::map<RuleReason, int> reasons;
  std::map<Action, int> actions;
  int named = 0, forwards_to_unit = 0;

  void count(const Facts& facts, const Simulation& simulation) {
    ++calls;
    denied += simulation.denial != Denial::none ? 1 : 0;
    account_calls += simulation.called.account != nullptr ? 1 : 0;
    unit_calls += simulation.called.account == nullptr && simulation.called.unit != nullptr ? 1 : 0;
    many_steps += simulation.steps.size() > 4 ? 1 : 0;
    for (const RuleOutcome& outcome : simulation.rules) ++reasons[outcome.reason];
    for (const Step& step : simulation.steps) {
      ++actions[step.action];
      door_rings += step.rule_id.empty() ? 1 : 0;
      forwards_to_unit += step.forward_unit_id ? 1 : 0;
      const Rule* const rule = facts.rule(step.rule_id);
      named += rule != nullptr && std::holds_alternative<RingAccounts>(rule->target) ? 1 : 0;
    }
  }
};

TEST_F(Property, CompiledFormReadsAsSimulated) {
  Coverage coverage;
  for (int i = 0; i < 60; ++i) {
    const Facts facts = directory().facts(150);
    const KeyOf key_of = make_keys();
    const Time at = directory().time();
    const Tables tables = compile(facts, kRealm, key_of, at);
    for (int call = 0; call < 200; ++call) {
      const Account* const caller = directory().caller(facts);
      if (caller == nullptr) break;
      const std::string dialled = directory().dialled(facts);
      const Simulation simulation = simulate(facts, caller, dialled, at);
      ASSERT_EQ(tables.subscribers.contains(caller->username), simulation.denial != Denial::caller_disabled);
      if (simulation.denial == Denial::caller_disabled) continue;
      ASSERT_EQ(decide(tables, caller->username, dialled), expected_of(simulation, key_of))
          << caller->username << " dials " << dialled << "\n"
          << describe(simulation, facts);
      coverage.count(facts, simulation);
    }
  }
  EXPECT_GT(coverage.calls, 5000);
  EXPECT_GT(coverage.unit_calls, 500);
  EXPECT_GT(coverage.account_calls, 500);
  EXPECT_GT(coverage.door_rings, 20);
  EXPECT_GT(coverage.denied, 500);
  EXPECT_GT(coverage.named, 20);
  EXPECT_GT(coverage.forwards_to_unit, 20);
  EXPECT_GT(coverage.many_steps, 10);
  for (const Action action : {Action::ring, Action::forward, Action::voicemail, Action::reject}) {
    EXPECT_GT(coverage.actions[action], 50) << to_string(action);
  }
  for (const RuleReason reason : {RuleReason::matched, RuleReason::off, RuleReason::other_source,
                                  RuleReason::other_time, RuleReason::nobody_to_ring, RuleReason::do_not_disturb}) {
    EXPECT_GT(coverage.reasons[reason], 20) << to_string(reason);
  }
}

TEST_F(Property, StepsPastTheLimitAgreeToo) {
  int limited = 0;
  for (int i = 0; i < 20; ++i) {
    Facts facts = directory().facts(100);
    Change change;
    for (const Site& site : sorted<Site>(facts)) {
      for (const Rule* rule : facts.rules_of(site.id)) change.removed.rules.push_back(rule->id);
      for (int position = 1; position <= 32; ++position) {
        Rule rule;
        rule.id = site.id + "." + std::to_string(position);
        rule.owner = {OwnerType::site, site.id};
        rule.position = position;
        rule.source_pattern = chance(random(), 70) ? "@site" : "@door";
        rule.target = chance(random(), 50) ? Target(Voicemail{}) : RingAll{};
        change.put.rules.push_back(rule);
      }
    }
    (void)facts.apply(change);
    const KeyOf key_of = make_keys();
    const Tables tables = compile(facts, kRealm, key_of, Time{});
    for (int call = 0; call < 50; ++call) {
      const Account* const caller = directory().caller(facts);
      if (caller == nullptr || !caller->enabled) continue;
      const std::string dialled = directory().dialled(facts);
      const Simulation simulation = simulate(facts, caller, dialled, Time{});
      ASSERT_LE(simulation.steps.size(), 16U);
      ASSERT_EQ(decide(tables, caller->username, dialled), expected_of(simulation, key_of));
      limited += std::ranges::count(simulation.rules, RuleReason::too_many_steps, &RuleOutcome::reason) > 0 ? 1 : 0;
    }
  }
  EXPECT_GT(limited, 50);
}

TEST_F(Property, TheOrderOfRowsDoesNotMatter) {
  for (int i = 0; i < 30; ++i) {
    const Facts facts = directory().facts(120);
    Change shuffled{all_of(facts), {}};
    for_each_noun([&](const auto& noun) { std::ranges::shuffle(noun.objects(shuffled.put), random()); });
    Facts other;
    (void)other.apply(shuffled);
    const Time at = directory().time();
    const KeyOf key_of = make_keys();
    ASSERT_EQ(compile(facts, kRealm, key_of, at), compile(other, kRealm, key_of, at));
    for (int call = 0; call < 50; ++call) {
      const Account* const caller = directory().caller(facts);
      if (caller == nullptr) break;
      const std::string dialled = directory().dialled(facts);
      ASSERT_EQ(describe(simulate(facts, caller, dialled, at), facts),
                describe(simulate(other, other.account(caller->id), dialled, at), other));
    }
  }
}

TEST_F(Property, ARuleAtTheEndChangesNoEarlierMatch) {
  int added = 0;
  for (int i = 0; i < 60; ++i) {
    Facts facts = directory().facts(120);
    const Account* const caller = directory().caller(facts);
    const std::string dialled = directory().dialled(facts);
    const Time at = directory().time();
    const Simulation before = simulate(facts, caller, dialled, at);
    if (before.called.unit == nullptr) continue;
    const Site* const site = facts.site_of(*before.called.unit);
    Rule last;
    last.id = "last";
    last.owner = {OwnerType::site, site->id};
    last.position = 32;
    last.source_pattern = "@site";
    last.target = Voicemail{};
    Change change;
    change.put.rules = {last};
    (void)facts.apply(change);
    const Simulation after = simulate(facts, facts.account(caller->id), dialled, at);
    if (before.denial == Denial::caller_disabled || after.rules.empty()) continue;
    ASSERT_EQ(after.rules.size(), before.rules.size() + 1);
    ASSERT_TRUE(std::ranges::equal(before.rules, std::span(after.rules).first(before.rules.size())));
    ASSERT_TRUE(std::ranges::equal(before.steps, std::span(after.steps).first(before.steps.size())));
    ++added;
  }
  EXPECT_GT(added, 10);
}

TEST_F(Property, NothingMatchesAcrossSites) {
  int looked_at = 0;
  for (int i = 0; i < 40; ++i) {
    const Facts facts = directory().facts(150);
    for (int call = 0; call < 100; ++call) {
      const Account* const caller = directory().caller(facts);
      if (caller == nullptr) break;
      const Simulation simulation = simulate(facts, caller, directory().dialled(facts), directory().time());
      const Site* const home = facts.site_of(caller->owner);
      const auto is_home = [&](const Owner& owner) { return facts.site_of(owner) == home; };
      if (simulation.called.account != nullptr) {
        ASSERT_TRUE(is_home(simulation.called.account->owner));
      }
      if (simulation.called.unit != nullptr) {
        ASSERT_EQ(facts.site_of(*simulation.called.unit), home);
      }
      for (const RuleOutcome& outcome : simulation.rules) ASSERT_TRUE(is_home(facts.rule(outcome.rule_id)->owner));
      for (const Step& step : simulation.steps) {
        for (const std::string& username : step.usernames) {
          ASSERT_TRUE(is_home(facts.account_by_username(username)->owner));
          ASSERT_NE(username, caller->username);
          ++looked_at;
        }
      }
    }
  }
  EXPECT_GT(looked_at, 500);
}

TEST_F(Property, UndoRestores) {
  Facts facts = directory().facts(80);
  for (int i = 0; i < 300; ++i) {
    const Objects before = all_of(facts);
    const Time at = directory().time();
    const KeyOf key_of = make_keys();
    const Tables compiled = compile(facts, kRealm, key_of, at);
    Facts shadow;
    (void)shadow.apply({before, {}});
    const Change change = directory().change(shadow);  // known to fit
    Change inverse = facts.apply(change);
    ASSERT_EQ(all_of(facts), all_of(shadow));
    Change redo = facts.apply(std::move(inverse));
    ASSERT_EQ(all_of(facts), before);
    ASSERT_EQ(compile(facts, kRealm, key_of, at), compiled) << "the indices";
    (void)facts.apply(std::move(redo));
    ASSERT_EQ(all_of(facts), all_of(shadow));
  }
}

TEST_F(Property, IncrementalCompileEqualsWholeCompile) {
  for (int i = 0; i < 12; ++i) {
    Facts facts;
    const KeyOf key_of = make_keys();
    Time at = directory().time();
    Compiler compiler(kRealm, key_of, at);
    Tables followed;
    for (int step = 0; step < 120; ++step) {
      const Change change = chance(random(), 85) ? directory().change(facts) : Change{};
      if (chance(random(), 40)) at += std::chrono::minutes(pick(random(), 0, 600));
      if (chance(random(), 3)) at = directory().time();
      if (chance(random(), 20)) at = compiler.next_boundary().value_or(at);
      const Tables before = compiler.tables();
      const TablesChange difference = compiler.apply(change, at);
      ASSERT_EQ(compiler.tables(), compile(facts, kRealm, key_of, at)) << "step " << step;
      apply(followed, difference);
      ASSERT_EQ(followed, compiler.tables()) << "step " << step;
      for (const auto& [name, value] : difference.put.rules) {
        const auto old = before.rules.find(name);
        ASSERT_TRUE(old == before.rules.end() || old->second != value) << "no difference in " << name;
      }
    }
  }
}

TEST_F(Property, NothingChangesBeforeTheNextBoundary) {
  int boundaries = 0;
  for (int i = 0; i < 20; ++i) {
    const KeyOf key_of = make_keys();
    const Time at = directory().time();
    Compiler compiler(kRealm, key_of, at);
    (void)compiler.apply({all_of(directory().facts(100)), {}}, at);
    const std::optional<Time> next = compiler.next_boundary();
    if (!next) continue;
    ++boundaries;
    ASSERT_GT(*next, at);
    const auto span = static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(*next - at).count());
    for (const Time then : {*next - std::chrono::seconds(1), at + std::chrono::seconds(pick(random(), 0, span - 1))}) {
      ASSERT_EQ(compile(compiler.facts(), kRealm, key_of, then), compiler.tables());
    }
  }
  EXPECT_GT(boundaries, 5);
}

}  // namespace
}  // namespace neolia::rules

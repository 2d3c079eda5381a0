// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "rules/estate.hpp"
#include "rules/simulate.hpp"

namespace neolia::rules {
namespace {

using namespace model;

Json simulated(const std::vector<Rule>& rules, const char* caller, const char* dialled) {
  const Facts facts = make_facts(rules);
  return to_json(simulate(facts, facts.account(caller), dialled, Time{}), facts);
}

TEST(SimulationJson, HasStepsAndOutcomes) {
  EXPECT_EQ(simulated({rule(of_unit("a1"), 1, "@door", RingAll{}), rule(of_unit("a1"), 2, "@unit", Voicemail{}),
                       rule(of_site("home"), 1, "@door", Reject{486})},
                      "gate", "A101"),
            Json::parse(R"({
    "outcome": "steps", "code": null, "reason": null,
    "called": {"site_id": "home", "building_id": "ba", "unit_id": "a1", "account_id": null},
    "steps": [
      {"rule_id": "a1.1", "action": "ring", "ring_seconds": 30, "on_decline": "stop",
       "usernames": ["anna", "hall", "kitchen"], "forward_unit_id": null, "uri": null, "code": null},
      {"rule_id": "home.1", "action": "reject", "ring_seconds": null, "on_decline": null,
       "usernames": null, "forward_unit_id": null, "uri": null, "code": 486}],
    "rules": [
      {"rule_id": "a1.1", "owner": {"type": "unit", "id": "a1"}, "position": 1, "matched": true, "reason": "matched"},
      {"rule_id": "a1.2", "owner": {"type": "unit", "id": "a1"}, "position": 2, "matched": false, "reason": "other_source"},
      {"rule_id": "home.1", "owner": {"type": "site", "id": "home"}, "position": 1, "matched": true, "reason": "matched"}]
  })"));
}

TEST(SimulationJson, HasForwards) {
  const Json steps = simulated({rule(of_unit("a1"), 1, "@door", ForwardUnit{"a2"}),
                                rule(of_unit("a1"), 2, "@door", ForwardAccount{"carl"}),
                                rule(of_unit("a1"), 3, "@door", ForwardUri{"sip:x@pbx.example.org"})},
                               "gate", "A101")
                         .at("steps");
  EXPECT_EQ(steps[0].at("forward_unit_id"), "a2");
  EXPECT_EQ(steps[0].at("usernames"), Json::array({"bea"}));
  EXPECT_EQ(steps[1].at("usernames"), Json::array({"carl"}));
  EXPECT_EQ(steps[2].at("uri"), "sip:x@pbx.example.org");
  EXPECT_EQ(steps[2].at("ring_seconds"), 30);
}

TEST(SimulationJson, HasTheRingOfADoor) {
  const Json simulation = simulated({}, "hall", "gate");
  EXPECT_EQ(simulation.at("called"),
            Json::parse(R"({"site_id": "home", "building_id": null, "unit_id": null, "account_id": "gate"})"));
  EXPECT_EQ(simulation.at("steps")[0].at("rule_id"), nullptr);
  EXPECT_EQ(simulation.at("steps")[0].at("ring_seconds"), 60);
}

TEST(SimulationJson, SaysWhyItIsDenied) {
  const Json no_rule = simulated({}, "gate", "A101");
  EXPECT_EQ(no_rule.at("outcome"), "denied");
  EXPECT_EQ(no_rule.at("code"), 403);
  EXPECT_EQ(no_rule.at("reason"), "no_rule");
  const Json unknown_number = simulated({}, "gate", "999");
  EXPECT_EQ(unknown_number.at("code"), 404);
  EXPECT_EQ(unknown_number.at("reason"), "unknown_number");
  EXPECT_EQ(unknown_number.at("called").at("site_id"), nullptr);
  const Json unknown_caller = simulated({}, "nobody", "A101");
  EXPECT_EQ(unknown_caller.at("code"), 403);
  EXPECT_EQ(unknown_caller.at("reason"), "unknown_caller");
}

}  // namespace
}  // namespace neolia::rules

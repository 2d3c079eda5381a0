// SPDX-License-Identifier: Apache-2.0
/// The directory that targets play in when their input needs one.
#pragma once

#include <string>

#include "gateway/example.hpp"
#include "rules/compile.hpp"
#include "rules/facts.hpp"

namespace neolia::fuzz {

namespace example = gateway::example;

inline model::Id rule_id(int number) { return example::id(5, number); }

/// Two units with a panel each and a door; rules of the unit, the building and the site with every action.
inline model::Objects objects() {
  model::Objects all = example::objects(2);
  all.sites.front().allowed_domains = {"pbx.example.org"};
  const auto add = [&](int number, const model::Owner& owner, int position, const char* source, model::Target target) {
    model::Rule rule;
    rule.id = rule_id(number);
    rule.owner = owner;
    rule.position = position;
    rule.source_pattern = source;
    rule.target = std::move(target);
    all.rules.push_back(std::move(rule));
  };
  const model::Owner unit{model::OwnerType::unit, example::unit_id(1)};
  const model::Owner building{model::OwnerType::building, example::building_id()};
  add(2, unit, 1, "@door", model::RingAccounts{{example::panel_id(1)}});
  add(3, unit, 2, "panel-*", model::ForwardUnit{example::unit_id(2)});
  add(4, building, 1, "@building", model::Voicemail{});
  add(5, building, 2, "d?or", model::ForwardUri{"sip:desk@pbx.example.org"});
  add(6, {model::OwnerType::site, example::site_id()}, 2, "@site", model::Reject{});
  all.rules.back().schedule = model::Schedule{{{{model::Day::mon, model::Day::sun}, 22 * 60, 6 * 60}}};
  return all;
}

inline rules::Facts facts() {
  rules::Facts facts;
  facts.apply({objects(), {}});
  return facts;
}

}  // namespace neolia::fuzz

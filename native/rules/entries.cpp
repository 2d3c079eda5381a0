// SPDX-License-Identifier: Apache-2.0
#include "rules/entries.hpp"

#include <array>
#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

#include "model/names.hpp"
#include "rules/dialling.hpp"
#include "rules/ringing.hpp"
#include "rules/schedule.hpp"

namespace neolia::rules {
namespace {

/// A caller's descriptor is `<kind><near>:<username>`.
std::string pattern_of(const std::string& source) {
  constexpr std::array<std::pair<std::string_view, const char*>, 4> kSelectors{
      {{"@door", "d[ubs]:*"}, {"@unit", "?u:*"}, {"@building", "?[ubn]:*"}, {"@site", "??:*"}}};
  for (const auto& [selector, pattern] : kSelectors) {
    if (source == selector) return pattern;
  }
  return "??:" + source;
}

std::string join(const std::vector<std::string>& usernames) {
  std::string joined;
  for (const std::string& username : usernames) joined.append(joined.empty() ? "" : " ").append(username);
  return joined;
}

/// Where a step leads; empty when there is nobody to ring.
class Aim {
 public:
  Aim(const Facts& facts, const KeyOf& key_of) : facts_(facts), key_of_(key_of) {}

  std::string operator()(const model::RingAll&) const { return "*"; }
  std::string operator()(const model::RingAccounts& ring) const { return join(ring_targets(facts_, ring.account_ids)); }
  std::string operator()(const model::ForwardAccount& forward) const {
    const model::Account* const account = facts_.account(forward.account_id);
    return account != nullptr && may_ring(facts_, *account) ? "a" + account->username : "";
  }
  std::string operator()(const model::ForwardUnit& forward) const {
    return "u" + std::to_string(key_of_(forward.unit_id));
  }
  std::string operator()(const model::ForwardUri& forward) const { return "x" + forward.uri; }
  std::string operator()(const model::Voicemail&) const { return ""; }
  std::string operator()(const model::Reject& reject) const { return std::to_string(reject.code); }

 private:
  const Facts& facts_;
  const KeyOf& key_of_;
};

}  // namespace

char letter_of(model::AccountKind kind) { return model::to_string(kind).front(); }

Entries::Keys Entries::keys_of(const model::Owner& owner) const {
  const auto key = [&](const auto* object) { return object == nullptr ? 0 : key_of_(object->id); };
  return {key(facts_.unit_of(owner)), key(facts_.building_of(owner)), key(facts_.site_of(owner))};
}

std::optional<Subscriber> Entries::subscriber(const std::string& username) const {
  const model::Account* const account = facts_.account_by_username(username);
  if (account == nullptr || !account->enabled) return std::nullopt;
  const Keys keys = keys_of(account->owner);
  return Subscriber{username,      realm_,    account->credentials, key_of_(account->id),
                    account->kind, keys.unit, keys.building,        keys.site};
}

std::optional<std::string> Entries::dial(const DialScope& scope, std::string_view text) const {
  const bool near = scope.type == model::OwnerType::building;
  const Dialled found = near ? look_up_in_building(facts_, scope.id, text) : look_up_in_site(facts_, scope.id, text);
  if (!found) return std::nullopt;
  const Keys keys =
      keys_of(found.unit != nullptr ? model::Owner{model::OwnerType::unit, found.unit->id} : found.account->owner);
  std::string place = std::to_string(keys.unit) + " " + std::to_string(keys.building) + " " + std::to_string(keys.site);
  if (found.unit != nullptr) return "u " + place;
  return "a " + std::to_string(key_of_(found.account->id)) + " " + letter_of(found.account->kind) + " " + place + " " +
         found.account->username;
}

std::optional<std::string> Entries::rules(const model::Owner& owner) const {
  const model::Site* const site = facts_.site_of(owner);
  if (site == nullptr) return std::nullopt;
  std::string joined;
  for (const model::Rule* each : facts_.rules_of(owner.id)) {
    if (!each->enabled || (each->schedule && !matches(*each->schedule, site->time_zone, at_))) continue;
    const std::string text = rule(*each);
    if (!text.empty()) joined.append(joined.empty() ? "" : "|").append(text);
  }
  return joined.empty() ? std::nullopt : std::optional(std::move(joined));
}

std::optional<std::string> Entries::targets(const model::Id& unit_id) const {
  const model::Unit* const unit = facts_.unit(unit_id);
  std::string joined = unit == nullptr ? "" : join(ring_targets(facts_, *unit));
  return joined.empty() ? std::nullopt : std::optional(std::move(joined));
}

std::string Entries::rule(const model::Rule& rule) const {
  const std::string text = step(rule);
  return text.empty() ? "" : pattern_of(rule.source_pattern) + "~" + std::to_string(key_of_(rule.id)) + "~" + text;
}

std::string Entries::step(const model::Rule& rule) const {
  const std::string aim = std::visit(Aim(facts_, key_of_), rule.target);
  switch (model::action_of(rule.target)) {
    case model::Action::voicemail:
      return "v,,,";
    case model::Action::reject:
      return "j,,," + aim;
    case model::Action::ring:
    case model::Action::forward:
      break;
  }
  if (aim.empty()) return "";
  const char* const start = model::action_of(rule.target) == model::Action::ring ? "r," : "f,";
  const char* const decline = rule.on_decline == model::OnDecline::stop ? ",s," : ",c,";
  return start + std::to_string(rule.ring_seconds) + decline + aim;
}

}  // namespace neolia::rules

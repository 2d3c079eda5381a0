// SPDX-License-Identifier: Apache-2.0
#include "explain/names.hpp"

#include <algorithm>
#include <cstddef>

#include "explain/values.hpp"
#include "model/text.hpp"

namespace neolia::explain {
namespace {

constexpr std::size_t kNamed = 6;
constexpr std::size_t kMaxShown = 64;

std::string name_or(const auto* object, const char* gone) { return object == nullptr ? gone : object->name; }

}  // namespace

std::string device_name(const rules::Facts& facts, const std::string& username) {
  if (username.empty()) return "A device";
  const model::Account* const account = facts.account_by_username(username);
  return account == nullptr ? username + " (deleted or renamed since)" : account->name;
}

std::string device_names(const rules::Facts& facts, const std::vector<std::string>& usernames) {
  if (usernames.empty()) return "nobody";
  const std::size_t named = usernames.size() <= kNamed ? usernames.size() : kNamed - 1;
  std::string text;
  for (std::size_t i = 0; i < named; ++i) {
    const bool last = i + 1 == usernames.size();
    text += (i == 0 ? "" : last ? " and " : ", ") + device_name(facts, usernames[i]);
  }
  return named == usernames.size() ? text : text + " and " + std::to_string(usernames.size() - named) + " more";
}

std::string caller_name(const rules::Facts& facts, const model::Json& caller) {
  const model::Account* const account = facts.account(text_of(caller, "account_id"));
  if (account != nullptr) return account->name;
  const std::string name = text_of(caller, "name");
  return name.empty() ? "A deleted account" : name + " (deleted since)";
}

std::string unit_name(const rules::Facts& facts, std::string_view unit_id) {
  return name_or(facts.unit(unit_id), "a deleted unit");
}

std::string owner_name(const rules::Facts& facts, const model::Owner& owner) {
  if (owner.type == model::OwnerType::unit) return unit_name(facts, owner.id);
  if (owner.type == model::OwnerType::building) return name_or(facts.building(owner.id), "a deleted building");
  return name_or(facts.site(owner.id), "a deleted site");
}

std::string rule_name(const rules::Facts& facts, std::string_view rule_id) {
  const model::Rule* const rule = facts.rule(rule_id);
  if (rule == nullptr) return "A rule that was deleted since";
  return "Rule " + std::to_string(rule->position) + " of " + owner_name(facts, rule->owner) + " (" +
         rule->source_pattern + ")";
}

model::Json rule_parameters(const rules::Facts& facts, const std::string& rule_id) {
  model::Json parameters{{"rule_id", nullptr}, {"position", nullptr}, {"owner", nullptr}, {"source_pattern", nullptr}};
  if (!rule_id.empty()) parameters["rule_id"] = rule_id;
  const model::Rule* const rule = facts.rule(rule_id);
  if (rule == nullptr) return parameters;
  parameters["position"] = rule->position;
  parameters["owner"] = owner_name(facts, rule->owner);
  parameters["source_pattern"] = rule->source_pattern;
  return parameters;
}

std::string dialled_name(const std::string& dialled) {
  const bool readable = !dialled.empty() && dialled.size() <= kMaxShown && model::count_printable(dialled);
  return readable ? dialled : "something that is no number";
}

}  // namespace neolia::explain

// SPDX-License-Identifier: Apache-2.0
#include "rules/references.hpp"

#include <variant>

#include "model/forms.hpp"

namespace neolia::rules {
namespace {

using Names = std::vector<std::string_view>;

struct NamesOf {
  Names operator()(const model::RingAccounts& ring) const { return {ring.account_ids.begin(), ring.account_ids.end()}; }
  Names operator()(const model::ForwardAccount& forward) const { return {forward.account_id}; }
  Names operator()(const model::ForwardUnit& forward) const { return {forward.unit_id}; }
  Names operator()(const model::ForwardUri& forward) const { return {model::domain_of(forward.uri)}; }
  Names operator()(const auto&) const { return {}; }
};

}  // namespace

std::vector<std::string_view> named_by(const model::Target& target) { return std::visit(NamesOf{}, target); }

void References::insert(const model::Rule& rule) {
  for (const std::string_view name : named_by(rule.target)) references_.insert({name, &rule});
}

void References::erase(const model::Rule& rule) {
  for (const std::string_view name : named_by(rule.target)) references_.erase({name, &rule});
}

}  // namespace neolia::rules

// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "store/columns.hpp"

namespace neolia::store {
namespace {

using model::Json;
using model::OwnerType;
using model::Rule;

void bind_schedule(SQLite::Statement& statement, int index, const Rule& rule) {
  if (rule.schedule) {
    statement.bind(index, model::to_json(rule).at("schedule").dump());
  } else {
    statement.bind(index);
  }
}

void read_schedule(const SQLite::Column& value, Rule& rule) {
  if (!value.isNull()) read_json_fields({{"schedule", parse_json(value)}}, rule);
}

void bind_action(SQLite::Statement& statement, int index, const Rule& rule) {
  bind_value(statement, index, model::action_of(rule.target));
}

/// Only the kind of target; what is in it follows with `target`.
void read_action(const SQLite::Column& value, Rule& rule) {
  model::Action action{};
  read_value(value, action);
  static const std::array<model::Target, 4> kEmpty{model::RingAll{}, model::ForwardAccount{}, model::Voicemail{},
                                                   model::Reject{}};
  rule.target = kEmpty.at(static_cast<std::size_t>(action));
}

void bind_target(SQLite::Statement& statement, int index, const Rule& rule) {
  statement.bind(index, model::to_json(rule).at("target").dump());
}

/// By far the commonest target, and what an action to ring stands for already.
constexpr std::string_view kRingAll = R"({"type":"all"})";

void read_target(const SQLite::Column& value, Rule& rule) {
  if (value.getText() == kRingAll) return;
  const auto action = model::to_string(model::action_of(rule.target));
  read_json_fields({{"action", std::string(action)}, {"target", parse_json(value)}}, rule);
}

}  // namespace

template <>
const Table<Rule>& table<Rule>() {
  static const Table<Rule> kTable{"rules",
                                  {column<&Rule::id>("id"),
                                   owner_column<Rule, OwnerType::unit>("unit_id"),
                                   owner_column<Rule, OwnerType::building>("building_id"),
                                   owner_column<Rule, OwnerType::site>("site_id"),
                                   column<&Rule::position>("position"),
                                   column<&Rule::enabled>("enabled"),
                                   column<&Rule::source_pattern>("source_pattern"),
                                   column<&Rule::ring_seconds>("ring_seconds"),
                                   column<&Rule::on_decline>("on_decline"),
                                   {"schedule", bind_schedule, read_schedule},
                                   {"action", bind_action, read_action},
                                   {"target", bind_target, read_target}}};
  return kTable;
}

}  // namespace neolia::store

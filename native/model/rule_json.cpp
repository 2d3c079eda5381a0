// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "model/json.hpp"
#include "model/values.hpp"

namespace neolia::model {
namespace {

using enum Presence;

/// Of the alternatives of Target, in their order.
constexpr std::array<std::string_view, std::variant_size_v<Target>> kTargetTypes{"all", "accounts",  "account", "unit",
                                                                                 "uri", "voicemail", "code"};

/// The type says which table of fields to take; in each of them it is only a name that is known.
template <typename Alternative>
constexpr Field<Alternative> type() {
  return {"type", required, [](const Json&, Alternative&, const Place&) {},
          [](const Alternative& alternative) { return Json(kTargetTypes[Target(alternative).index()]); }};
}

void read_reject_code(const Json& value, std::uint16_t& code, const Place& place) {
  const auto whole = read_whole(value, 400, 699, place);
  if (!whole) return;
  code = static_cast<std::uint16_t>(*whole);
  if (code == 403 || code == 480 || code == 486 || code == 603) return;
  place.refuse(FieldCode::range, "Must be 403, 480, 486 or 603.");
}

template <typename Alternative>
constexpr std::array kTarget{type<Alternative>()};
template <>
constexpr std::array kTarget<RingAccounts>{
    type<RingAccounts>(),
    field<RingAccounts, &RingAccounts::account_ids, read_set<1, 16, read_id, Id>>("account_ids", required)};
template <>
constexpr std::array kTarget<ForwardAccount>{
    type<ForwardAccount>(), field<ForwardAccount, &ForwardAccount::account_id, read_id>("account_id", required)};
template <>
constexpr std::array kTarget<ForwardUnit>{type<ForwardUnit>(),
                                          field<ForwardUnit, &ForwardUnit::unit_id, read_id>("unit_id", required)};
template <>
constexpr std::array kTarget<ForwardUri>{type<ForwardUri>(),
                                         field<ForwardUri, &ForwardUri::uri, read_sip_uri>("uri", required)};
template <>
constexpr std::array kTarget<Reject>{type<Reject>(), field<Reject, &Reject::code, read_reject_code>("code", optional)};

/// Makes the alternative of Target at `index` and reads it.
template <std::size_t kIndex = 0>
Target read_alternative(std::size_t index, const Json& value, const Place& place) {
  if constexpr (kIndex + 1 < std::variant_size_v<Target>) {
    if (index != kIndex) return read_alternative<kIndex + 1>(index, value, place);
  }
  std::variant_alternative_t<kIndex, Target> alternative;
  read_table(kTarget<std::variant_alternative_t<kIndex, Target>>, value, alternative, true, place);
  return alternative;
}

constexpr auto write_target = []<typename Alternative>(const Alternative& target) {
  return write_table(kTarget<Alternative>, target);
};

Target default_target(Action action) {
  switch (action) {
    case Action::forward:
      return ForwardAccount{};
    case Action::voicemail:
      return Voicemail{};
    case Action::reject:
      return Reject{};
    case Action::ring:
      break;
  }
  return RingAll{};
}

/// A rule as it stands in JSON: the action beside the target.
struct FlatRule : Rule {
  std::optional<Action> action;
  const Json* given_target = nullptr;
};

void read_target(const Json& value, FlatRule& rule, const Place& place) {
  if (!is_object(value, place)) return;
  const auto type = value.find("type");
  if (type == value.end()) return place.field("type").refuse(FieldCode::required, "Must be given.");
  const auto index = read_one_of(*type, kTargetTypes, place.field("type"));
  if (!index) return;
  rule.target = read_alternative(*index, value, place);
  if (action_of(rule.target) == rule.action) return;
  place.field("type").refuse(FieldCode::wrong_kind, "Does not go with the rule's action.");
}

constexpr std::array<std::string_view, 4> kSelectors{"@door", "@unit", "@building", "@site"};

bool is_source(std::string_view text) {
  return std::ranges::find(kSelectors, text) != kSelectors.end() || kGlob.fits(text);
}

void read_source(const Json& value, std::string& source, const Place& place) {
  read_fitting(value, source, kGlob.max, is_source, kGlob.demand, place);
}

constexpr std::array kRule{
    field<FlatRule, &Rule::id, read_id>("id", optional),
    field<FlatRule, &Rule::owner, read_owner>("owner", required),
    field<FlatRule, &Rule::position, read_number<1, 32>>("position", required),
    field<FlatRule, &Rule::enabled, read_bool>("enabled", optional),
    field<FlatRule, &Rule::source_pattern, read_source>("source_pattern", required),
    field<FlatRule, &Rule::schedule, read_schedule>("schedule", optional),
    field<FlatRule, &FlatRule::action, read_choice_if_any<Action>>("action", required),
    Field<FlatRule>{"target", optional,
                    [](const Json& value, FlatRule& rule, const Place&) { rule.given_target = &value; },
                    [](const FlatRule& rule) { return std::visit(write_target, rule.target); }},
    field<FlatRule, &Rule::ring_seconds, read_number<5, 120>>("ring_seconds", optional),
    field<FlatRule, &Rule::on_decline, read_choice<OnDecline>>("on_decline", optional)};

/// Keeps, defaults or reads the target, once the action is known.
void settle_target(FlatRule& rule, const Place& place) {
  const bool new_action = action_of(rule.target) != rule.action;
  if (new_action) rule.target = default_target(*rule.action);
  if (rule.given_target != nullptr) {
    read_target(*rule.given_target, rule, place.field("target"));
  } else if (new_action && rule.action == Action::forward) {
    place.field("target").refuse(FieldCode::required, "Must be given: an account, a unit or a URI.");
  }
}

}  // namespace

Json to_json(const Rule& rule) { return write_table(kRule, FlatRule{rule, action_of(rule.target)}); }

void read_fields(const Json& fields, Rule& object, const std::string& path, std::vector<FieldError>& errors) {
  const Place place(path, errors);
  const std::size_t problems = place.problem_count();
  const bool creating = is_blank(object);
  FlatRule rule{object, {}};
  if (!creating) rule.action = action_of(object.target);
  read_table(kRule, fields, rule, creating, place);
  if (rule.action) settle_target(rule, place);
  if (place.is_clean_since(problems)) object = std::move(static_cast<Rule&>(rule));
}

}  // namespace neolia::model

// SPDX-License-Identifier: Apache-2.0
#include "explain/story.hpp"

#include <cmath>
#include <utility>

#include "explain/wall_time.hpp"

namespace neolia::explain {
namespace {

std::optional<rules::Moment> moment_in(const Json& object, const char* name) {
  return rules::parse_moment(text_of(object, name));
}

std::optional<double> seconds_between(std::optional<rules::Moment> from, std::optional<rules::Moment> to) {
  if (!from || !to || *to < *from) return std::nullopt;
  return std::chrono::duration<double>(*to - *from).count();
}

}  // namespace

void Story::tell(Code code, const Json& event, std::string text, Json parameters) {
  sentences.push_back({{"code", to_string(code)},
                       {"at", value_of(event, "at")},
                       {"text", std::move(text)},
                       {"parameters", std::move(parameters)}});
}

std::optional<double> Story::seconds_since_beginning(const Json& event) const {
  return seconds_between(moment_in(call, "at"), moment_of(event));
}

std::optional<double> Story::seconds_since_answer(const Json& event) const {
  return seconds_between(moment_in(call, "answered_at"), moment_of(event));
}

const Json& Story::step(std::size_t index) const {
  static const Json kNull;
  const Json& steps = value_of(call, "steps");
  return steps.is_array() && index < steps.size() ? steps[index] : kNull;
}

std::string Story::time_zone() const {
  const model::Site* site = facts.site(text_of(call, "site_id"));
  const model::Unit* const unit = facts.unit(text_of(call, "unit_id"));
  if (site == nullptr && unit != nullptr) site = facts.site_of(*unit);
  return site == nullptr ? std::string() : site->time_zone;
}

std::optional<rules::Moment> moment_of(const Json& event) { return moment_in(event, "at"); }

std::string after(std::optional<double> seconds) { return seconds ? " after " + duration_text(*seconds) : ""; }

Json or_null(std::optional<double> seconds) { return seconds ? Json(std::llround(*seconds)) : Json(); }

}  // namespace neolia::explain

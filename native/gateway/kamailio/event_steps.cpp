// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/event_steps.hpp"

#include <boost/algorithm/string/split.hpp>
#include <charconv>
#include <string>
#include <vector>

#include "gateway/kamailio/row_fields.hpp"

namespace neolia::gateway::kamailio {
namespace {

using model::Json;

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  boost::algorithm::split(parts, text, [=](char c) { return c == separator; });
  return parts;
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Json blank_step(const char* action) {
  return {{"rule_id", nullptr},   {"action", action},           {"ring_seconds", nullptr}, {"on_decline", nullptr},
          {"usernames", nullptr}, {"forward_unit_id", nullptr}, {"uri", nullptr},          {"code", nullptr}};
}

/// seconds, decline, target of a step that rings
bool read_ringing(const std::vector<std::string>& parts, Json& step) {
  const auto seconds = number<int>(parts[1]);
  if (!seconds || (parts[2] != "s" && parts[2] != "c")) return false;
  step["ring_seconds"] = *seconds;
  step["on_decline"] = parts[2] == "s" ? "stop" : "continue";
  return true;
}

bool read_forward(const std::string& target, const state::Keys& keys, Json& step) {
  const std::string_view name = std::string_view(target).substr(target.empty() ? 0 : 1);
  switch (target.empty() ? '\0' : target.front()) {
    case 'a':
      step["usernames"] = {name};
      return true;
    case 'x':
      step["uri"] = name;
      return true;
    case 'u':
      if (const auto key = number<rules::Key>(name)) step["forward_unit_id"] = id_or_null(keys.id_of(*key));
      return true;
    default:
      return false;
  }
}

std::optional<Json> read_step(const std::vector<std::string>& parts, const state::Keys& keys) {
  if (parts.size() != 4) return std::nullopt;
  if (parts[0] == "r") {
    Json step = blank_step("ring");
    if (parts[3] != "*") step["usernames"] = split(parts[3], ' ');
    return read_ringing(parts, step) ? std::optional(std::move(step)) : std::nullopt;
  }
  if (parts[0] == "f") {
    Json step = blank_step("forward");
    return read_ringing(parts, step) && read_forward(parts[3], keys, step) ? std::optional(std::move(step))
                                                                           : std::nullopt;
  }
  if (parts[0] == "v") return blank_step("voicemail");
  const auto code = number<int>(parts[3]);
  if (parts[0] != "j" || !code) return std::nullopt;
  Json step = blank_step("reject");
  step["code"] = *code;
  return step;
}

}  // namespace

std::optional<Json> read_steps(std::string_view text, const state::Keys& keys) {
  Json steps = Json::array();
  if (text.empty()) return steps;
  for (const auto& part : split(text, '|')) {
    const auto tilde = part.find('~');
    const auto key = number<rules::Key>(part.substr(0, tilde));
    if (tilde == std::string::npos || !key) return std::nullopt;
    auto step = read_step(split(part.substr(tilde + 1), ','), keys);
    if (!step) return std::nullopt;
    (*step)["rule_id"] = id_or_null(keys.id_of(*key));
    steps.push_back(std::move(*step));
  }
  return steps;
}

}  // namespace neolia::gateway::kamailio

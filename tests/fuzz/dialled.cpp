// SPDX-License-Identifier: Apache-2.0
/// A line with the caller's username, a line with a moment, then what was dialled. Simulation and compiled form agree.
#include <algorithm>

#include "directory.hpp"
#include "rules/keys.hpp"
#include "rules/moment.hpp"
#include "rules/reader.hpp"
#include "rules/simulate.hpp"
#include "target.hpp"

namespace neolia::fuzz {
namespace {

/// Those that the compiled form has rows for.
bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char letter) { return letter >= 0; });
}

}  // namespace

void try_input(std::string_view input) {
  static const rules::Facts kFacts = facts();
  static const auto kKeyOf = rules::make_keys();
  const std::string caller(take_line(input));
  const auto moment = rules::parse_moment(std::string(take_line(input)));
  if (!moment) return;
  const auto at = std::chrono::floor<std::chrono::seconds>(*moment);
  const auto* account = kFacts.account_by_username(caller);
  const auto simulation = rules::simulate(kFacts, account, input, at);
  static_cast<void>(rules::to_json(simulation, kFacts).dump());
  if (account == nullptr) return expect(simulation.steps.empty(), "nobody calls without an account");
  if (!is_ascii(input)) return expect(simulation.denial == rules::Denial::unknown_number, "numbers are ASCII");
  const auto decision =
      rules::decide(rules::compile(kFacts, example::kDirectory.realm, kKeyOf, at), caller, std::string(input));
  expect(decision.denied == rules::code_of(simulation.denial), "Kamailio denies what the simulation denies");
  expect(decision.steps.size() == simulation.steps.size(), "Kamailio takes as many steps as the simulation");
}

}  // namespace neolia::fuzz

// SPDX-License-Identifier: Apache-2.0
/// simulate_bench DIRECTORY: for each line on standard input, the caller's account id and what it dials, the
/// nanoseconds that the simulation took, one a line on standard output.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>

#include "rules/simulate.hpp"
#include "store/directory.hpp"

int main(int count, char** arguments) {
  using Clock = std::chrono::steady_clock;
  if (count != 2) return 2;
  const auto directory = neolia::store::Directory::open(arguments[1]);
  if (!directory) {
    std::fprintf(stderr, "%s\n", directory.error().message.c_str());
    return 1;
  }
  const neolia::rules::Facts& facts = (*directory)->facts();
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  for (std::string caller_id, dialled; std::cin >> caller_id >> dialled;) {
    const auto* const caller = facts.account(caller_id);
    const auto began = Clock::now();
    const auto simulation = neolia::rules::simulate(facts, caller, dialled, now);
    const auto took = Clock::now() - began;
    if (simulation.steps.empty()) return 3;
    std::printf("%lld\n", static_cast<long long>(std::chrono::nanoseconds(took).count()));
  }
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace neolia {

/// A test with random input. A failure names the seed; NEOLIA_SEED in the environment repeats it.
class Seeded : public testing::Test {
 protected:
  std::mt19937_64& random() { return random_; }

 private:
  static std::uint64_t choose_seed() {
    const char* const given = std::getenv("NEOLIA_SEED");
    return given == nullptr ? std::random_device{}() : std::strtoull(given, nullptr, 10);
  }

  const std::uint64_t seed_ = choose_seed();
  std::mt19937_64 random_{seed_};
  const testing::ScopedTrace trace_{__FILE__, __LINE__, "NEOLIA_SEED=" + std::to_string(seed_)};
};

/// A whole number from `least` to `most`.
[[nodiscard]] inline int pick(std::mt19937_64& random, int least, int most) {
  return std::uniform_int_distribution<int>(least, most)(random);
}

/// Whether something that happens in `percent` of cases happens.
[[nodiscard]] inline bool chance(std::mt19937_64& random, int percent) { return pick(random, 1, 100) <= percent; }

/// One of the members of a range with random access.
[[nodiscard]] inline const auto& pick_from(std::mt19937_64& random, const auto& range) {
  return range[static_cast<std::size_t>(pick(random, 0, static_cast<int>(std::size(range)) - 1))];
}

}  // namespace neolia

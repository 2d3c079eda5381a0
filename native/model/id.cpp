// SPDX-License-Identifier: Apache-2.0
#include "model/id.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "model/random.hpp"

namespace neolia::model {
namespace {

constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kTimeLetters = 10;
constexpr std::size_t kRandomLetters = 16;

}  // namespace

Id make_id() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  auto time = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  Id id(kTimeLetters + kRandomLetters, '0');
  for (std::size_t i = kTimeLetters; i-- > 0; time >>= 5) id[i] = kCrockford[time & 31];
  const auto random = random_bytes<kRandomLetters>();  // five bits of each byte: 80 in all
  for (std::size_t i = 0; i < kRandomLetters; ++i) id[kTimeLetters + i] = kCrockford[random[i] & 31];
  return id;
}

bool is_id(std::string_view text) {
  return text.size() == kTimeLetters + kRandomLetters && text.front() <= '7' &&
         std::ranges::all_of(text, [](char letter) { return kCrockford.find(letter) != std::string_view::npos; });
}

}  // namespace neolia::model

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <system_error>

#include <sys/random.h>

namespace neolia::model {

/// Random bytes of the operating system, fit for secrets. Throws std::system_error when it has none to give.
template <std::size_t kSize>
[[nodiscard]] std::array<std::uint8_t, kSize> random_bytes() {
  static_assert(kSize <= 256, "getrandom() gives up to 256 bytes in one piece");
  std::array<std::uint8_t, kSize> bytes{};
  if (getrandom(bytes.data(), kSize, 0) != static_cast<ssize_t>(kSize)) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  return bytes;
}

}  // namespace neolia::model

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>

namespace neolia::gateway::api {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  ///< included

  bool operator==(const ByteRange&) const = default;
};

struct NotSatisfiable {};

/// What a Range header asks of `size` bytes. Empty means all of them: without the header, with one that is malformed or
/// of another unit, and with several ranges (RFC 9110 lets a server ignore it).
[[nodiscard]] tl::expected<std::optional<ByteRange>, NotSatisfiable> read_byte_range(const std::string& header,
                                                                                     std::uint64_t size);

}  // namespace neolia::gateway::api

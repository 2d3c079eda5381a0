// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace neolia::gateway::net {

/// Knows the hash of the bearer token, not the token.
class Token {
 public:
  explicit Token(std::string_view token);

  /// Whether `authorization` (the header's value) is "Bearer <token>"; the time taken tells nothing about the token.
  [[nodiscard]] bool matches(std::string_view authorization) const;

 private:
  using Hash = std::array<unsigned char, 32>;
  static Hash hash(std::string_view text);

  Hash hash_;
};

}  // namespace neolia::gateway::net

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/settings.hpp"

namespace neolia::gateway {

/// Time-limited credentials of a TURN server that shares a secret with us (the "REST API" scheme: coturn's
/// use-auth-secret).
struct TurnCredentials {
  std::vector<std::string> urls;
  std::string username;    ///< "<expires>:<account>"
  std::string credential;  ///< base64 of HMAC-SHA1 over the username
  std::int64_t expires = 0;
};

class Turn {
 public:
  Turn(std::vector<std::string> urls, std::string secret) : urls_(std::move(urls)), secret_(std::move(secret)) {}

  /// By turn_urls and turn_secret_file; a Turn that gives nothing when they are empty.
  [[nodiscard]] static model::Result<Turn> from(const Settings& settings);

  [[nodiscard]] std::optional<TurnCredentials> make(const std::string& account, std::int64_t expires) const;

 private:
  std::vector<std::string> urls_;
  std::string secret_;
};

}  // namespace neolia::gateway

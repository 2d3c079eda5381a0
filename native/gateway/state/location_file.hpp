// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/error.hpp"

namespace neolia::gateway::state {

/// One registered contact; every text but the username comes from the device.
struct Registration {
  std::string username;
  std::string contact;
  std::string user_agent;
  std::string expires_at;  ///< ISO 8601, UTC

  bool operator==(const Registration&) const = default;
};

/// location.sqlite, read only: what Kamailio wrote at its last usrloc tick. One thread.
class LocationFile {
 public:
  explicit LocationFile(std::string path);

  /// Contacts that have not expired, at most `limit`, by username.
  [[nodiscard]] model::Result<std::vector<Registration>> read(int limit) const;
  /// Every username with a contact.
  [[nodiscard]] model::Result<std::vector<std::string>> usernames() const;

 private:
  std::string path_;
};

}  // namespace neolia::gateway::state

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/state/session_names.hpp"
#include "model/error.hpp"

namespace neolia::gateway::state {

/// Credentials of one browser, or of one test call, for an account; times in seconds since the epoch.
struct Session {
  std::string username;  ///< "session+" and the id in lower case: what Kamailio authenticates and events name
  std::string account;   ///< username of the account
  std::int64_t expires = 0;
  bool test = false;

  bool operator==(const Session&) const = default;
};

/// The secrets are nowhere else: only what proves them is stored.
struct NewSession : Session {
  std::string password;
  std::string token;  ///< opens GET /v1/sip; URL-safe; made from the password, so that no more need be kept
};

/// The table `session` of sip.sqlite, which must be there. Any thread; blocks for the disk. Sessions of accounts that
/// are removed, disabled or re-keyed go with the commit that does so (SnapshotFiles::store).
class Sessions {
 public:
  static constexpr int kMaxOfAccount = 8;  ///< test calls apart

  explicit Sessions(std::string sip_file);

  /// `not_found` when the account is not enabled, `conflict` when it has kMaxOfAccount sessions.
  [[nodiscard]] model::Result<NewSession> create(const std::string& account, const std::string& realm,
                                                 std::int64_t seconds, bool test) const;

  /// Lets it live `seconds` from now; `not_found` when it has ended.
  [[nodiscard]] model::Result<Session> renew(const std::string& username, std::int64_t seconds) const;

  /// Those that live, in the order in which they were made; of every account when `account` is empty.
  [[nodiscard]] model::Result<std::vector<Session>> list(const std::string& account = {}) const;

  /// Whose token this is, while it lives. Compares in constant time.
  [[nodiscard]] model::Result<std::optional<Session>> find_by_token(std::string_view token) const;

  /// `not_found` when it has ended.
  [[nodiscard]] model::Result<void> remove(const std::string& username) const;

  /// Removes the rows of those that have expired; they are of no use since then.
  [[nodiscard]] model::Result<void> expire() const;

 private:
  std::string sip_file_;
};

}  // namespace neolia::gateway::state

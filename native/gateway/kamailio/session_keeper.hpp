// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "gateway/kamailio/calls.hpp"
#include "gateway/kamailio/rpc.hpp"
#include "gateway/state/presence.hpp"
#include "gateway/state/sessions.hpp"

namespace neolia::gateway::kamailio {

/// Makes true that a session which has ended (revoked, expired, or gone with its account) has no contact and no call.
/// What lives is told by sip.sqlite alone, so nothing need be remembered. One thread; blocks for Kamailio.
class SessionKeeper {
 public:
  struct Parts {
    Rpc& rpc;
    const state::Sessions& sessions;
    const state::Presence& presence;
    Calls& calls;
    std::function<void(const std::set<std::string>& usernames)> on_living;  ///< the sessions that live now
  };
  explicit SessionKeeper(Parts parts) : parts_(std::move(parts)) {}

  /// Ends a session: when it succeeds, its contacts and calls are gone from Kamailio. `not_found`; `storage`; `closed`
  /// when only its credentials are gone and the rest follows when Kamailio is back.
  [[nodiscard]] model::Result<void> revoke(const std::string& username);

  /// Once a second, and after each change of accounts.
  void tick();

  /// Kamailio has restarted: contacts may be back.
  void look_again() { settled_.clear(); }

 private:
  RpcResult<void> end_all_but(const std::set<std::string>& living);
  RpcResult<void> drop_contacts(const std::set<std::string>& living);
  [[nodiscard]] std::vector<std::string> find_calls(const std::set<std::string>& living) const;

  Parts parts_;
  std::set<std::string> settled_;  ///< devices that were read back as gone
  std::string failure_;
};

}  // namespace neolia::gateway::kamailio

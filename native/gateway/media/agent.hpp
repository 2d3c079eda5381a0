// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "gateway/media/outcome.hpp"
#include "gateway/media/rtpengine.hpp"

namespace neolia::gateway::media {

/// Names one call of the agent; never used again.
using CallNumber = std::uint64_t;

/// A call that somebody makes to the agent.
struct Invite {
  CallNumber call = 0;
  std::string user;         ///< of the request's address
  std::string offer;        ///< SDP; empty without
  std::string neolia_call;  ///< the header X-Neolia-Call
  Party caller;
};

/// A call that the agent makes.
struct Placement {
  std::string username;
  std::string login;  ///< the username of the credentials
  std::string password;
  std::string realm;
  std::string dialled;
};

/// What happens to calls. Called on the agent's thread: hand it on.
struct AgentEvents {
  std::function<void(Invite)> on_invite;
  std::function<void(CallNumber)> on_established;
  std::function<void(CallNumber)> on_end;  ///< once for each call, also for a refused one
};

/// A SIP user agent that does the signalling only. Any thread; every command is carried out later, and one for a call
/// that has ended does nothing.
class Agent {
 public:
  Agent() = default;
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  virtual ~Agent() = default;

  virtual void answer(CallNumber call, std::string sdp) = 0;
  virtual void refuse(CallNumber call, int code) = 0;
  /// Ends a call in whatever state it is.
  virtual void hang_up(CallNumber call) = 0;

  struct Placed {
    CallNumber call = 0;
    std::string call_id;
  };
  virtual Placed place(Placement placement) = 0;
};

}  // namespace neolia::gateway::media

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "gateway/media/agent.hpp"

namespace neolia::gateway::media {

/// The agent by sofia-sip, with a thread and event loop of its own. Its types stay in sofia_agent.cpp.
class SofiaAgent final : public Agent {
 public:
  struct Options {
    std::string address;    ///< where it listens, a loopback address with a port
    std::string next_hop;   ///< where its own calls go
    std::size_t max_calls;  ///< further INVITEs get 486
  };

  explicit SofiaAgent(Options options);
  ~SofiaAgent() override;

  /// Begins to listen, or the error says why it cannot.
  [[nodiscard]] Outcome<void> start(AgentEvents events);

  /// Ends the calls that are left, and waits a moment for it.
  void stop();

  void answer(CallNumber call, std::string sdp) override;
  void refuse(CallNumber call, int code) override;
  void hang_up(CallNumber call) override;
  Placed place(Placement placement) override;

 private:
  class Loop;

  std::unique_ptr<Loop> loop_;
};

}  // namespace neolia::gateway::media

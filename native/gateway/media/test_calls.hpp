// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "gateway/media/agent.hpp"
#include "model/id.hpp"

namespace neolia::gateway::media {

namespace asio = boost::asio;

/// Calls that the agent makes in the place of a door, one at a time for each account. Runs on the io_context's one
/// thread.
class TestCalls {
 public:
  /// `on_over` frees what the call was signed in with.
  TestCalls(asio::io_context& context, Agent& agent, std::chrono::milliseconds talk = std::chrono::seconds(5))
      : context_(context), agent_(agent), talk_(talk) {}

  [[nodiscard]] bool is_running(const model::Id& account_id) const;
  /// Returns the SIP call id; empty when one of this account runs.
  std::optional<std::string> place(const model::Id& account_id, Placement placement, std::function<void()> on_over);

  void on_established(CallNumber number);
  void on_end(CallNumber number);
  void stop();

 private:
  struct Call {
    model::Id account_id;
    std::function<void()> on_over;
    asio::steady_timer talk;
  };

  asio::io_context& context_;
  Agent& agent_;
  const std::chrono::milliseconds talk_;
  std::map<CallNumber, Call> calls_;
};

}  // namespace neolia::gateway::media

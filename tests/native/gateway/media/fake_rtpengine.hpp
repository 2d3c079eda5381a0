// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <functional>

#include "gateway/media/rtpengine.hpp"

namespace neolia::gateway::media {

/// Answers pings as `pings` says; after those, tells `on_empty` and is silent for ever.
class FakeRtpEngine final : public RtpEngine {
 public:
  std::deque<bool> pings;
  std::function<void()> on_empty = [] {};

  asio::awaitable<bool> ping() override {
    if (pings.empty()) {
      on_empty();
      asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
      co_await never.async_wait(asio::use_awaitable);
    }
    const bool answer = pings.front();
    pings.pop_front();
    co_return answer;
  }
  asio::awaitable<Outcome<std::chrono::milliseconds>> play(Party, std::string) override {
    co_return std::chrono::milliseconds(0);
  }
};

}  // namespace neolia::gateway::media

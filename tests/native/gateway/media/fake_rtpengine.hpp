// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>

#include "gateway/media/rtpengine.hpp"

namespace neolia::gateway::media {

/// Answers pings as `pings` says; after those, tells `on_empty` and answers.
class FakeRtpEngine final : public RtpEngine {
 public:
  std::deque<bool> pings;
  std::function<void()> on_empty = [] {};

  asio::awaitable<bool> ping() override {
    if (pings.empty()) {
      on_empty();
      co_return true;
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

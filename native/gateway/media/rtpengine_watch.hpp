// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "gateway/media/rtpengine.hpp"

namespace neolia::gateway::media {

/// Whether RTPEngine is there: one answer is enough to be up, three missing ones to be down.
class RtpEngineWatch {
 public:
  using OnChange = std::function<void(bool up)>;

  RtpEngineWatch(RtpEngine& engine, OnChange on_change, std::chrono::milliseconds interval = std::chrono::seconds(1));

  /// Ends with its io_context.
  asio::awaitable<void> run();

  /// Empty before anything is known.
  [[nodiscard]] std::optional<bool> state() const { return up_; }
  [[nodiscard]] bool is_up() const { return up_.value_or(false); }

 private:
  void note(bool answered);

  RtpEngine& engine_;
  OnChange on_change_;
  std::chrono::milliseconds interval_;
  int misses_ = 0;
  std::optional<bool> up_;  ///< unknown at first
};

}  // namespace neolia::gateway::media

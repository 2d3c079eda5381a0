// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>

#include "gateway/media/outcome.hpp"

namespace neolia::gateway::media {

namespace asio = boost::asio;

/// One side of a call as RTPEngine knows it.
struct Party {
  std::string call_id;
  std::string tag;
};

/// What of RTPEngine the gateway uses.
class RtpEngine {
 public:
  RtpEngine() = default;
  RtpEngine(const RtpEngine&) = delete;
  RtpEngine& operator=(const RtpEngine&) = delete;
  virtual ~RtpEngine() = default;

  virtual asio::awaitable<bool> ping() = 0;

  /// Plays an audio file, which RTPEngine must be able to read, to `party`; returns how long it takes.
  virtual asio::awaitable<Outcome<std::chrono::milliseconds>> play(Party party, std::string file) = 0;
};

}  // namespace neolia::gateway::media

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "gateway/media/rtpengine.hpp"
#include "model/json.hpp"

namespace neolia::gateway::media {

/// RTPEngine's NG protocol: each datagram is a cookie and, since 10.5.3, a JSON object. Runs on the io_context's one
/// thread; a lost datagram is sent again once.
class NgClient final : public RtpEngine {
 public:
  NgClient(asio::io_context& context, asio::ip::udp::endpoint server);

  /// Begins to take answers; they end with the io_context.
  [[nodiscard]] Outcome<void> open();

  asio::awaitable<bool> ping() override;
  asio::awaitable<Outcome<std::chrono::milliseconds>> play(Party party, std::string file) override;

 private:
  struct Waiting {
    asio::steady_timer timer;
    std::optional<model::Json> answer;
  };

  asio::awaitable<Outcome<model::Json>> ask(model::Json command);
  asio::awaitable<std::optional<model::Json>> ask_once(std::string command);
  asio::awaitable<void> receive();
  void take(std::string_view datagram);

  asio::io_context& context_;
  const asio::ip::udp::endpoint server_;
  asio::ip::udp::socket socket_;
  const std::string prefix_;
  std::uint64_t last_ = 0;
  std::map<std::string, Waiting*, std::less<>> waiting_;  ///< by cookie
};

}  // namespace neolia::gateway::media

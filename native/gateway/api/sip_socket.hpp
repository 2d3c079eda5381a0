// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <memory>
#include <optional>
#include <string>

#include "gateway/api/sip_sockets.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

namespace asio = boost::asio;

/// Kamailio's side of one WebSocket. Each direction holds one frame and reads the next when that is delivered, so a
/// slow reader holds up its peer, and is closed after `limits.send`. When one side goes, the other goes too.
class SipSocket final : public net::Messages, public SipSockets::Member {
 public:
  static constexpr std::size_t kMaxFrame = 64U << 10U;

  SipSocket(SipSockets& sockets, std::string session, asio::any_io_executor io_thread, const SipLimits& limits);
  ~SipSocket() override;

  /// The error is for a person.
  asio::awaitable<tl::expected<void, std::string>> connect(const asio::ip::tcp::endpoint& kamailio);

  asio::awaitable<tl::expected<Message, net::CloseReason>> next() override;
  [[nodiscard]] bool is_binary() const override { return binary_; }
  asio::awaitable<bool> take(std::string_view message, bool binary) override;
  [[nodiscard]] std::size_t max_incoming() const override { return kMaxFrame; }
  void stop() override { end(net::CloseReason::going_away); }

  void session_ended() override { end(net::CloseReason::session_ended); }

 private:
  using Kamailio = boost::beast::websocket::stream<boost::beast::tcp_stream>;

  void end(net::CloseReason reason);

  const SipLimits limits_;
  const std::shared_ptr<Kamailio> kamailio_;  ///< shared with the deadline
  boost::beast::flat_buffer buffer_;
  asio::steady_timer deadline_;
  std::optional<net::CloseReason> ended_;
  bool binary_ = false;
};

}  // namespace neolia::gateway::api

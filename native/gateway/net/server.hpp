// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "gateway/net/connection.hpp"
#include "model/error.hpp"

namespace neolia::gateway::net {

/// HTTP/1.1 and WebSocket on one port, plain or TLS. Everything runs on the io_context's one thread.
class Server {
 public:
  Server(asio::io_context& context, Site site, std::optional<asio::ssl::context> tls);

  /// Begins to accept; returns the port.
  [[nodiscard]] model::Result<std::uint16_t> listen(const std::string& address, std::uint16_t port);

  /// Accepts no more and lets each connection finish. Those still there after `patience` are ended, and `on_impatience`
  /// ends what their answers wait for.
  void stop(std::chrono::milliseconds patience, std::function<void()> on_impatience = {});

  [[nodiscard]] std::size_t connections() const { return connections_.size(); }

 private:
  [[nodiscard]] std::size_t count_of_api() const;
  asio::awaitable<void> accept();
  asio::awaitable<void> serve(asio::ip::tcp::socket socket);

  asio::io_context& context_;
  const Site site_;
  std::optional<asio::ssl::context> tls_;
  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer patience_;
  std::set<Connection*> connections_;
};

}  // namespace neolia::gateway::net

// SPDX-License-Identifier: Apache-2.0
#include "gateway/net/server.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "gateway/log.hpp"
#include "gateway/net/serve.hpp"

namespace neolia::gateway::net {

using asio::ip::tcp;

Server::Server(asio::io_context& context, Site site, std::optional<asio::ssl::context> tls)
    : context_(context), site_(std::move(site)), tls_(std::move(tls)), acceptor_(context), patience_(context) {}

model::Result<std::uint16_t> Server::listen(const std::string& address, std::uint16_t port) {
  boost::system::error_code error;
  const auto refuse = [&] {
    const std::string text = "cannot listen on " + address + " port " + std::to_string(port) + ": " + error.message();
    return tl::unexpected(model::Error{model::ErrorCode::invalid, text, {}});
  };
  const tcp::endpoint endpoint(asio::ip::make_address(address, error), port);
  if (error) return refuse();
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return refuse();
  asio::co_spawn(context_, accept(), asio::detached);
  return acceptor_.local_endpoint().port();
}

void Server::stop(std::chrono::milliseconds patience, std::function<void()> on_impatience) {
  acceptor_.close();
  // A connection may leave the list while it is told to stop.
  const auto present = connections_;
  for (Connection* connection : present) {
    if (connections_.contains(connection)) connection->stop();
  }
  if (connections_.empty()) return;
  patience_.expires_after(patience);
  patience_.async_wait([this, on_impatience = std::move(on_impatience)](boost::system::error_code error) {
    if (error) return;
    for (Connection* connection : connections_) connection->abort();
    if (on_impatience) on_impatience();
  });
}

std::size_t Server::count_of_api() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(connections_, [](const Connection* connection) { return !connection->is_tunnel(); }));
}

asio::awaitable<void> Server::accept() {
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(kAwait);
    if (error == asio::error::operation_aborted) co_return;
    if (error) {
      log::warning("accept failed", {{"error", error.message()}});
      asio::steady_timer pause(context_, std::chrono::milliseconds(100));
      co_await pause.async_wait(kAwait);
    } else if (count_of_api() >= site_.limits.connections) {
      log::warning("too many connections, one refused");
    } else {
      asio::co_spawn(context_, serve(std::move(socket)), asio::detached);
    }
  }
}

asio::awaitable<void> Server::serve(tcp::socket socket) {
  socket.set_option(tcp::no_delay(true));
  if (tls_) {
    co_await serve_tls(std::move(socket), *tls_, site_, connections_);
  } else {
    co_await serve_plain(std::move(socket), site_, connections_);
  }
  if (!acceptor_.is_open() && connections_.empty()) patience_.cancel();
}

}  // namespace neolia::gateway::net

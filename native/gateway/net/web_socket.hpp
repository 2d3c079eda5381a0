// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <utility>

#include "gateway/log.hpp"
#include "gateway/net/connection.hpp"

namespace neolia::gateway::net {

namespace beast = boost::beast;
namespace websocket = beast::websocket;

/// Sends what Messages has, one after the other, and gives it what the peer says. At most one message waits in each
/// direction. A peer that does not take a message in `limits.send` is closed.
template <typename Stream>
class WebSocket final : public Connection, public std::enable_shared_from_this<WebSocket<Stream>> {
 public:
  WebSocket(Stream stream, std::unique_ptr<Messages> messages, const Limits& limits)
      : stream_(std::move(stream)),
        messages_(std::move(messages)),
        limits_(limits),
        deadline_(stream_.get_executor()) {}

  asio::awaitable<void> run(const http::request<http::string_body>& request, std::string subprotocol) {
    beast::get_lowest_layer(stream_).expires_never();
    stream_.set_option(websocket::stream_base::timeout{limits_.header, limits_.idle, true});
    stream_.read_message_max(messages_->max_incoming());
    if (!subprotocol.empty()) {
      stream_.set_option(websocket::stream_base::decorator([subprotocol](websocket::response_type& response) {
        response.set(http::field::sec_websocket_protocol, subprotocol);
      }));
    }
    const auto [error] = co_await stream_.async_accept(request, kAwait);
    if (error) co_return;
    asio::co_spawn(stream_.get_executor(), receive(this->shared_from_this()), asio::detached);
    co_await send_all();
  }

  void stop() override { messages_->stop(); }
  void abort() override { beast::get_lowest_layer(stream_).close(); }

 private:
  static constexpr std::uint16_t kSessionEnded = 4401;

  asio::awaitable<void> receive(std::shared_ptr<WebSocket> self) {
    beast::flat_buffer buffer;
    for (;;) {
      const auto [error, size] = co_await self->stream_.async_read(buffer, kAwait);
      if (error) break;
      const auto data = buffer.cdata();
      const std::string_view message(static_cast<const char*>(data.data()), data.size());
      if (!co_await self->messages_->take(message, self->stream_.got_binary())) break;
      buffer.consume(size);
    }
    self->messages_->stop();
  }

  asio::awaitable<void> send_all() {
    for (;;) {
      const auto message = co_await messages_->next();
      if (!message) co_return co_await close(message.error());
      start_deadline();
      stream_.binary(messages_->is_binary());
      const auto [error, size] = co_await stream_.async_write(asio::buffer(**message), kAwait);
      deadline_.cancel();
      if (error) co_return;
    }
  }

  asio::awaitable<void> close(CloseReason reason) {
    start_deadline();
    co_await stream_.async_close(close_frame(reason), kAwait);
    deadline_.cancel();
    abort();
  }

  static websocket::close_reason close_frame(CloseReason reason) {
    switch (reason) {
      case CloseReason::going_away:
        return websocket::close_code::going_away;
      case CloseReason::too_slow:
        return {websocket::close_code::try_again_later, "too slow"};
      case CloseReason::session_ended:
        return {static_cast<websocket::close_code>(kSessionEnded), "session ended"};
      case CloseReason::other_side_gone:
        return {websocket::close_code::try_again_later, "Kamailio is away"};
      case CloseReason::failed:
        break;
    }
    return websocket::close_code::internal_error;
  }

  void start_deadline() {
    deadline_.expires_after(limits_.send);
    deadline_.async_wait([self = this->shared_from_this()](boost::system::error_code error) {
      if (error) return;
      log::warning("a WebSocket that takes nothing is closed");
      self->abort();
    });
  }

  websocket::stream<Stream> stream_;
  const std::unique_ptr<Messages> messages_;
  const Limits limits_;
  asio::steady_timer deadline_;
};

}  // namespace neolia::gateway::net

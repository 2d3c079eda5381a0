// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/sip_socket.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>

#include "gateway/log.hpp"

namespace neolia::gateway::api {

namespace asio = boost::asio;

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using net::CloseReason;

namespace {
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds kConnect{3};
// Kamailio is asked after half of it, so before it asks (PING_SECONDS, 30): it notes that it waits for a pong after the
// ping has left, and closes a WebSocket whose pong came before the note.
constexpr std::chrono::milliseconds kIdle{20'000};
}  // namespace

SipSocket::SipSocket(SipSockets& sockets, std::string session, asio::any_io_executor io_thread, const SipLimits& limits)
    : Member(sockets, std::move(session)),
      limits_(limits),
      kamailio_(std::make_shared<Kamailio>(io_thread)),
      deadline_(io_thread) {}

SipSocket::~SipSocket() { beast::get_lowest_layer(*kamailio_).close(); }

asio::awaitable<tl::expected<void, std::string>> SipSocket::connect(const asio::ip::tcp::endpoint& kamailio) {
  auto& lowest = beast::get_lowest_layer(*kamailio_);
  lowest.expires_after(kConnect);
  const auto [refused] = co_await lowest.async_connect(kamailio, kAwait);
  if (refused) co_return tl::unexpected(refused.message());
  lowest.expires_never();
  lowest.socket().set_option(asio::ip::tcp::no_delay(true));
  kamailio_->set_option(websocket::stream_base::timeout{kConnect, std::min(limits_.idle, kIdle), true});
  kamailio_->set_option(websocket::stream_base::decorator(
      [](websocket::request_type& request) { request.set(beast::http::field::sec_websocket_protocol, "sip"); }));
  kamailio_->read_message_max(kMaxFrame);
  const std::string host = kamailio.address().to_string() + ":" + std::to_string(kamailio.port());
  websocket::response_type response;
  const auto [error] = co_await kamailio_->async_handshake(response, host, "/", kAwait);
  if (error) co_return tl::unexpected(error.message());
  const auto protocol = response[beast::http::field::sec_websocket_protocol];
  if (protocol != "sip") co_return tl::unexpected(std::string("it does not speak SIP"));
  co_return tl::expected<void, std::string>();
}

asio::awaitable<tl::expected<net::Messages::Message, CloseReason>> SipSocket::next() {
  if (ended_) co_return tl::unexpected(*ended_);
  const auto [error, size] = co_await kamailio_->async_read(buffer_, kAwait);
  if (error) end(CloseReason::other_side_gone);
  if (ended_) co_return tl::unexpected(*ended_);
  binary_ = kamailio_->got_binary();
  auto message = std::make_shared<const std::string>(beast::buffers_to_string(buffer_.data()));
  buffer_.clear();
  buffer_.shrink_to_fit();
  co_return message;
}

asio::awaitable<bool> SipSocket::take(std::string_view message, bool binary) {
  if (ended_) co_return false;
  deadline_.expires_after(limits_.send);
  deadline_.async_wait([kamailio = kamailio_](boost::system::error_code error) {
    if (error) return;
    log::warning("Kamailio takes nothing from a SIP WebSocket, which is closed");
    beast::get_lowest_layer(*kamailio).close();
  });
  kamailio_->binary(binary);
  const auto [error, size] = co_await kamailio_->async_write(asio::buffer(message), kAwait);
  deadline_.cancel();
  co_return !error && !ended_;
}

void SipSocket::end(CloseReason reason) {
  if (!ended_) ended_ = reason;
  beast::get_lowest_layer(*kamailio_).close();
}

}  // namespace neolia::gateway::api

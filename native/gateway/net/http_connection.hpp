// SPDX-License-Identifier: Apache-2.0
/// GCC 12 copies braced temporaries inside a co_await expression byte by byte: name them first.
///
/// One HTTP connection. Its visible loop is run(): it ends when the peer goes, is too slow, breaks the protocol, or at
/// stop().
#pragma once

#include <array>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "gateway/net/web_socket.hpp"

namespace neolia::gateway::net {

inline constexpr std::uint32_t kMaxHeader = 8192;
inline constexpr std::size_t kMaxDrained = 64U << 20U;

inline std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// The server's answer to a header that it does not like; empty when the request may go on.
[[nodiscard]] std::optional<Response> refuse_header(const Site& site, const http::request_header<>& header);

[[nodiscard]] Response unauthorized();

/// The answer to what is not a WebSocket upgrade, may not be one, or does not offer `subprotocol` (any when empty);
/// empty when it may go on.
[[nodiscard]] std::optional<Response> refuse_upgrade(const Site& site, const http::request_header<>& header,
                                                     std::string_view subprotocol);

/// What to answer to bytes that are not the request they should be; empty when nobody is there to read it.
[[nodiscard]] std::optional<Response> refuse_read(beast::error_code error);

[[nodiscard]] asio::awaitable<Response> answer(const Endpoint& endpoint, Request request);

/// The same for a WebSocket.
[[nodiscard]] asio::awaitable<Subscription> subscribe(const Endpoint& endpoint, Request request);

template <typename Stream>
class HttpConnection final : public Connection {
 public:
  HttpConnection(Stream stream, const Site& site) : stream_(std::move(stream)), site_(site) {}

  asio::awaitable<void> run();
  void stop() override;
  void abort() override;
  [[nodiscard]] bool is_tunnel() const override { return is_tunnel_; }

 private:
  using Parser = http::request_parser<http::string_body>;

  asio::awaitable<bool> handshake();
  asio::awaitable<bool> wait_for_request();
  /// Whether the connection goes on.
  asio::awaitable<bool> handle_request();
  asio::awaitable<bool> dispatch(Parser& parser);
  asio::awaitable<bool> read_body(Parser& parser, std::size_t limit);
  asio::awaitable<void> upgrade(const Endpoint& endpoint, Request request, Parser& parser);
  asio::awaitable<bool> send(Response response, bool keep_alive);
  asio::awaitable<void> drain();

  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  Stream stream_;
  const Site& site_;
  beast::flat_buffer buffer_;
  bool idle_ = true;
  bool stopping_ = false;
  bool is_tunnel_ = false;
  std::shared_ptr<Connection> upgraded_;
};

template <typename Stream>
asio::awaitable<void> HttpConnection<Stream>::run() {
  bool open = co_await handshake();
  while (open && !stopping_) {
    idle_ = true;
    open = co_await wait_for_request();
    idle_ = false;
    if (open) open = co_await handle_request();
  }
  if (upgraded_ == nullptr && lowest().socket().is_open()) co_await drain();
}

template <typename Stream>
void HttpConnection<Stream>::stop() {
  stopping_ = true;
  if (upgraded_ != nullptr) {
    upgraded_->stop();
  } else if (idle_) {
    lowest().close();
  }
}

template <typename Stream>
void HttpConnection<Stream>::abort() {
  upgraded_ != nullptr ? upgraded_->abort() : lowest().close();
}

template <typename Stream>
asio::awaitable<bool> HttpConnection<Stream>::handshake() {
  if constexpr (!std::is_same_v<Stream, beast::tcp_stream>) {
    lowest().expires_after(site_.limits.header);
    const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kAwait);
    co_return !error;
  }
  co_return true;
}

template <typename Stream>
asio::awaitable<bool> HttpConnection<Stream>::wait_for_request() {
  if (buffer_.size() > 0) co_return true;
  lowest().expires_after(site_.limits.idle);
  const auto [error, size] = co_await stream_.async_read_some(buffer_.prepare(kMaxHeader), kAwait);
  buffer_.commit(size);
  co_return !error && size > 0;
}

template <typename Stream>
asio::awaitable<bool> HttpConnection<Stream>::handle_request() {
  Parser parser;
  parser.header_limit(kMaxHeader);
  parser.body_limit(boost::none);  // who may send a body at all is told by the header
  lowest().expires_after(site_.limits.header);
  const auto [error, size] = co_await http::async_read_header(stream_, buffer_, parser, kAwait);
  auto refusal = error ? refuse_read(error) : refuse_header(site_, parser.get());
  if (refusal) co_await send(std::move(*refusal), false);
  if (error || refusal) co_return false;
  co_return co_await dispatch(parser);
}

template <typename Stream>
asio::awaitable<bool> HttpConnection<Stream>::dispatch(Parser& parser) {
  auto [path, query] = *parse_target(view(parser.get().target()));
  auto [found, parameters] = *find_endpoint(site_.endpoints, parser.get().method(), path);
  const Endpoint& endpoint = *found;
  if (!std::holds_alternative<Answer>(endpoint.handler)) {
    Request request;
    request.query = std::move(query);
    request.parameters = std::move(parameters);
    co_await upgrade(endpoint, std::move(request), parser);
    co_return false;
  }
  if (!co_await read_body(parser, endpoint.max_body.value_or(site_.limits.body_bytes))) co_return false;
  auto message = parser.release();
  const bool keep_alive = message.keep_alive() && !stopping_;
  lowest().expires_never();
  Request request{message.method(),
                  std::move(path),
                  std::move(query),
                  std::move(message.body()),
                  std::move(parameters),
                  std::string(view(message[http::field::content_type])),
                  std::string(view(message[http::field::range]))};
  auto response = co_await answer(endpoint, std::move(request));
  co_return co_await send(std::move(response), keep_alive && !stopping_);
}

template <typename Stream>
asio::awaitable<bool> HttpConnection<Stream>::read_body(Parser& parser, std::size_t limit) {
  parser.body_limit(limit);
  if (parser.content_length().value_or(0) > limit) {
    co_await send(*refuse_read(http::error::body_limit), false);
    co_return false;
  }
  if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    const http::response<http::empty_body> go_on(http::status::continue_, parser.get().version());
    co_await http::async_write(stream_, go_on, kAwait);
  }
  lowest().expires_after(site_.limits.body);
  const auto [error, size] = co_await http::async_read(stream_, buffer_, parser, kAwait);
  if (!error) co_return true;
  if (auto refusal = refuse_read(error)) co_await send(std::move(*refusal), false);
  co_return false;
}

template <typename Stream>
asio::awaitable<void> HttpConnection<Stream>::upgrade(const Endpoint& endpoint, Request request, Parser& parser) {
  const auto* tunnel = std::get_if<Tunnel>(&endpoint.handler);
  const std::string subprotocol(tunnel != nullptr ? tunnel->subprotocol : std::string_view());
  auto refusal = refuse_upgrade(site_, parser.get(), subprotocol);
  Subscription messages(nullptr);
  // A Tunnel costs a connection to another server; a bad query is told also to who asks without an upgrade.
  if (!refusal || tunnel == nullptr) {
    lowest().expires_never();
    messages = co_await subscribe(endpoint, std::move(request));
    if (!messages) refusal = std::move(messages.error());
  }
  if (refusal) {
    co_await send(std::move(*refusal), false);
    co_return;
  }
  const auto socket = std::make_shared<WebSocket<Stream>>(std::move(stream_), std::move(*messages), site_.limits);
  upgraded_ = socket;
  is_tunnel_ = tunnel != nullptr;
  if (stopping_) socket->stop();
  buffer_ = {};
  co_await socket->run(parser.get(), subprotocol);
}

template <typename Stream>
asio::awaitable<bool> HttpConnection<Stream>::send(Response response, bool keep_alive) {
  http::response<http::string_body> message(response.status, 11, std::move(response.body));
  if (!message.body().empty()) message.set(http::field::content_type, response.content_type);
  message.set(http::field::cache_control, "no-store");
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.keep_alive(keep_alive);
  message.prepare_payload();
  lowest().expires_after(site_.limits.send);
  const auto [error, size] = co_await http::async_write(stream_, message, kAwait);
  co_return !error && keep_alive;
}

/// A close with unread bytes would reset the connection, and the peer would lose the answer.
template <typename Stream>
asio::awaitable<void> HttpConnection<Stream>::drain() {
  beast::error_code ignored;
  lowest().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  lowest().expires_after(site_.limits.send);
  std::array<char, 16384> dropped{};
  for (std::size_t total = 0; total < kMaxDrained;) {
    const auto [error, size] = co_await lowest().async_read_some(asio::buffer(dropped), kAwait);
    if (error) co_return;
    total += size;
  }
}

/// Serves one connection to its end, listed in `list` meanwhile.
template <typename Stream>
asio::awaitable<void> serve_stream(Stream stream, const Site& site, std::set<Connection*>& list) {
  const auto connection = std::make_shared<HttpConnection<Stream>>(std::move(stream), site);
  const Listed listed(list, *connection);
  co_await connection->run();
}

}  // namespace neolia::gateway::net

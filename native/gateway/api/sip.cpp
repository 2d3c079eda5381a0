// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/sip.hpp"

#include "gateway/api/sip_socket.hpp"
#include "gateway/net/http_connection.hpp"

namespace neolia::gateway::api {
namespace {

using net::http::status;
using SessionName = tl::expected<std::string, net::Response>;

/// The session that the query names, checked; an empty one when it names none.
asio::awaitable<SessionName> read_session(const Services& services, net::Query query) {
  const auto token = query.find("session");
  if (token == query.end()) co_return std::string();
  const auto find = [&sessions = services.sessions, token = token->second] { return sessions.find_by_token(token); };
  const auto session = co_await run_on(services.calls_thread, find);
  if (!session)
    co_return tl::unexpected(net::error_response(status::internal_server_error, "storage", session.error().message));
  if (!*session) co_return tl::unexpected(net::unauthorized());
  co_return (*session)->username;
}

net::Response busy() {
  return net::error_response(status::service_unavailable, "too_many", "too many SIP WebSockets are open");
}

asio::awaitable<net::Subscription> open(const Services& services, asio::any_io_executor io_thread, net::Query query) {
  if (services.sip_sockets.is_full()) co_return tl::unexpected(busy());
  const auto session = co_await read_session(services, std::move(query));
  if (!session) co_return tl::unexpected(session.error());
  auto socket = std::make_unique<SipSocket>(services.sip_sockets, *session, io_thread, services.sip_limits);
  const auto connected = co_await socket->connect(services.sip_websocket);
  if (connected) co_return std::move(socket);
  co_return tl::unexpected(net::error_response(status::service_unavailable, "unavailable",
                                               "Kamailio's WebSocket does not answer: " + connected.error()));
}

}  // namespace

net::Tunnel sip(const Services& services, const asio::any_io_executor& io_thread) {
  return {"sip",
          [&services, io_thread](net::Request request) { return open(services, io_thread, std::move(request.query)); }};
}

}  // namespace neolia::gateway::api

// SPDX-License-Identifier: Apache-2.0
#include "gateway/net/http_connection.hpp"
#include "gateway/net/serve.hpp"

namespace neolia::gateway::net {

asio::awaitable<void> serve_tls(asio::ip::tcp::socket socket, asio::ssl::context& context, const Site& site,
                                std::set<Connection*>& list) {
  asio::ssl::stream<beast::tcp_stream> stream(beast::tcp_stream(std::move(socket)), context);
  co_await serve_stream(std::move(stream), site, list);
}

}  // namespace neolia::gateway::net

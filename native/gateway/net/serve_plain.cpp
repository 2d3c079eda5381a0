// SPDX-License-Identifier: Apache-2.0
#include "gateway/net/http_connection.hpp"
#include "gateway/net/serve.hpp"

namespace neolia::gateway::net {

asio::awaitable<void> serve_plain(asio::ip::tcp::socket socket, const Site& site, std::set<Connection*>& list) {
  beast::tcp_stream stream(std::move(socket));
  co_await serve_stream(std::move(stream), site, list);
}

}  // namespace neolia::gateway::net

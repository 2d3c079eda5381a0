// SPDX-License-Identifier: Apache-2.0
/// Serves one connection to its end. Apart from the server, because each takes the compiler a minute.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "gateway/net/connection.hpp"

namespace neolia::gateway::net {

asio::awaitable<void> serve_plain(asio::ip::tcp::socket socket, const Site& site, std::set<Connection*>& list);

asio::awaitable<void> serve_tls(asio::ip::tcp::socket socket, asio::ssl::context& context, const Site& site,
                                std::set<Connection*>& list);

}  // namespace neolia::gateway::net

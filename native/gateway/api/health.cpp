// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/health.hpp"

namespace neolia::gateway::api {

net::Answer health() {
  return [](const net::Request&) -> net::asio::awaitable<net::Response> {
    co_return net::json_response(net::http::status::ok, {{"status", "ok"}});
  };
}

}  // namespace neolia::gateway::api

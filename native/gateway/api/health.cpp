// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/health.hpp"

namespace neolia::gateway::api {
namespace {

net::asio::awaitable<net::Response> answer() {
  const model::Json alive = {{"status", "ok"}};
  co_return net::json_response(net::http::status::ok, alive);
}

}  // namespace

net::Answer health() {
  return [](const net::Request&) { return answer(); };
}

}  // namespace neolia::gateway::api

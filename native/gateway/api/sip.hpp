// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/api/services.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

/// GET /v1/sip: frames pass untouched between a browser and Kamailio's loopback WebSocket. Kamailio itself
/// authenticates each REGISTER and INVITE by digest, and a session's credentials are good for its own account only: the
/// proxy need not look inside. It decides who may speak to Kamailio at all, and for how long.
[[nodiscard]] net::Tunnel sip(const Services& services, const asio::any_io_executor& io_thread);

}  // namespace neolia::gateway::api

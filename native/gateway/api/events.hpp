// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/api/services.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

/// GET /v1/events: hello, the events after the cursor, then live ones.
[[nodiscard]] net::Subscribe events(const Services& services, const asio::any_io_executor& io_thread);

}  // namespace neolia::gateway::api

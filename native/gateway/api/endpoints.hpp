// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/api/services.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

/// The whole API; openapi.yaml describes it. `services` must outlive the endpoints.
[[nodiscard]] net::Endpoints make_endpoints(Services& services, const asio::any_io_executor& io_thread);

}  // namespace neolia::gateway::api

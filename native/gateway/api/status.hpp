// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/api/services.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

/// GET /v1/status: from memory, so it answers while a snapshot is applied.
[[nodiscard]] net::Answer status(const Services& services);

}  // namespace neolia::gateway::api

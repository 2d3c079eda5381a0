// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/api/services.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

/// PUT /v1/snapshot: a whole snapshot; answers when it is applied and read back, or cannot be yet.
[[nodiscard]] net::Answer put_snapshot(Services& services);

}  // namespace neolia::gateway::api

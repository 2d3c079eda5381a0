// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/api/services.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

/// PATCH /v1/snapshot: what changed since the accepted revision.
[[nodiscard]] net::Answer patch_snapshot(Services& services);

}  // namespace neolia::gateway::api

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

/// GET /v1/health, for supervisors: the process answers.
[[nodiscard]] net::Answer health();

}  // namespace neolia::gateway::api

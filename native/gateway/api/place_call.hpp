// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/api/services.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

/// A test call.
[[nodiscard]] net::Answer place_call(const Services& services);

}  // namespace neolia::gateway::api

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/api/services.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

[[nodiscard]] net::Answer put_greeting(const Services& services);
[[nodiscard]] net::Answer delete_greeting(const Services& services);

}  // namespace neolia::gateway::api

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/api/services.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

/// GET /v1/calls: those that have not ended, from memory.
[[nodiscard]] net::Answer list_calls(const Services& services);
/// DELETE /v1/calls/{call_id}: answers when Kamailio has confirmed the end.
[[nodiscard]] net::Answer end_call(const Services& services);
/// DELETE /v1/calls?account_id=…
[[nodiscard]] net::Answer end_calls_of_account(const Services& services);

}  // namespace neolia::gateway::api

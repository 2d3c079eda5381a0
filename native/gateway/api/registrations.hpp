// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/api/services.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

/// GET /v1/registrations: all as of Kamailio's last save, or those of one account as they are now.
[[nodiscard]] net::Answer registrations(const Services& services);

}  // namespace neolia::gateway::api

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/api/services.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

[[nodiscard]] net::Answer list_messages(const Services& services);
[[nodiscard]] net::Answer get_message(const Services& services);
[[nodiscard]] net::Answer delete_message(const Services& services);

}  // namespace neolia::gateway::api

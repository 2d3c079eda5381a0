// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

#include "gateway/media/outcome.hpp"

namespace neolia::gateway::media {

/// Two even UDP ports of the loopback address that are free now, as are the ports above them.
[[nodiscard]] Outcome<std::pair<std::uint16_t, std::uint16_t>> find_free_ports(bool is_ip6);

/// Whether somebody has bound the port at the loopback address.
[[nodiscard]] bool is_bound(std::uint16_t port, bool is_ip6);

}  // namespace neolia::gateway::media

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/udp.hpp>
#include <optional>
#include <string>

namespace neolia::gateway::net {

/// `192.0.2.1:5060` or `[2001:db8::1]:5060`; empty when it is something else.
[[nodiscard]] std::optional<boost::asio::ip::udp::endpoint> parse_socket_address(const std::string& text);

}  // namespace neolia::gateway::net

// SPDX-License-Identifier: Apache-2.0
#include "gateway/net/socket_address.hpp"

#include <charconv>

namespace neolia::gateway::net {

namespace asio = boost::asio;

std::optional<asio::ip::udp::endpoint> parse_socket_address(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  std::string host = text.substr(0, colon);
  const bool is_bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (error != std::errc{} || stop != end || port == 0) return std::nullopt;
  boost::system::error_code failed;
  const auto address = asio::ip::make_address(host, failed);
  if (failed || address.is_v6() != is_bracketed) return std::nullopt;
  return asio::ip::udp::endpoint(address, port);
}

}  // namespace neolia::gateway::net

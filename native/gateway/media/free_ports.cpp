// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/free_ports.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <fstream>
#include <iomanip>
#include <optional>
#include <sstream>
#include <string>

namespace neolia::gateway::media {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;

constexpr int kAttempts = 100;

udp::endpoint loopback(std::uint16_t port, bool is_ip6) {
  if (is_ip6) return {asio::ip::address_v6::loopback(), port};
  return {asio::ip::address_v4::loopback(), port};
}

/// A socket at `port`, or at any when 0.
std::optional<udp::socket> bind(asio::io_context& context, std::uint16_t port, bool is_ip6) {
  udp::socket socket(context);
  boost::system::error_code error;
  socket.open(is_ip6 ? udp::v6() : udp::v4(), error);
  if (!error) socket.bind(loopback(port, is_ip6), error);
  return error ? std::nullopt : std::optional(std::move(socket));
}

struct Pair {
  udp::socket first;
  udp::socket second;
};

std::optional<Pair> bind_pair(asio::io_context& context, bool is_ip6) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto first = bind(context, 0, is_ip6);
    if (!first) return std::nullopt;
    const auto port = first->local_endpoint().port();
    if (port % 2 != 0) continue;
    if (auto second = bind(context, static_cast<std::uint16_t>(port + 1), is_ip6)) {
      return Pair{std::move(*first), std::move(*second)};
    }
  }
  return std::nullopt;
}

}  // namespace

Outcome<std::pair<std::uint16_t, std::uint16_t>> find_free_ports(bool is_ip6) {
  asio::io_context context;
  const auto audio = bind_pair(context, is_ip6);
  const auto video = bind_pair(context, is_ip6);
  if (!audio || !video) return failure("no free UDP ports at the loopback address");
  return std::pair{audio->first.local_endpoint().port(), video->first.local_endpoint().port()};
}

/// Looked up, because a try would take the port just when the other wants it.
bool is_bound(std::uint16_t port, bool is_ip6) {
  std::ostringstream wanted;
  wanted << (is_ip6 ? "00000000000000000000000001000000:" : "0100007F:") << std::hex << std::uppercase
         << std::setfill('0') << std::setw(4) << port;
  std::ifstream table(is_ip6 ? "/proc/net/udp6" : "/proc/net/udp");
  for (std::string line; std::getline(table, line);) {
    if (line.find(wanted.str()) != std::string::npos) return true;
  }
  return false;
}

}  // namespace neolia::gateway::media

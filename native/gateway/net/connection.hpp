// SPDX-License-Identifier: Apache-2.0
/// What the kinds of connections share.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <set>
#include <string>

#include "gateway/net/endpoint.hpp"
#include "gateway/net/token.hpp"

namespace neolia::gateway::net {

/// Errors come as values.
inline constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

struct Limits {
  std::size_t connections = 64;
  std::size_t body_bytes = 64U << 20U;
  std::chrono::milliseconds header{10'000};
  std::chrono::milliseconds body{60'000};
  std::chrono::milliseconds send{15'000};
  std::chrono::milliseconds idle{60'000};
};

/// What every connection reads and none changes.
struct Site {
  Endpoints endpoints;
  Token token;
  Limits limits;
  std::set<std::string, std::less<>> allowed_origins;
};

/// One open connection, as the server sees it.
class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  /// Finishes what it is doing and goes.
  virtual void stop() = 0;
  /// Goes at once.
  virtual void abort() = 0;
  /// Whether it has become a Tunnel.
  [[nodiscard]] virtual bool is_tunnel() const { return false; }
};

/// Keeps a connection in the server's list as long as it is served.
class Listed {
 public:
  Listed(std::set<Connection*>& list, Connection& connection) : list_(list), connection_(connection) {
    list_.insert(&connection_);
  }
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;
  ~Listed() { list_.erase(&connection_); }

 private:
  std::set<Connection*>& list_;
  Connection& connection_;
};

}  // namespace neolia::gateway::net

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "gateway/kamailio/rpc.hpp"

namespace neolia::gateway::kamailio {

/// JSON-RPC over Kamailio's unix datagram socket. A reply that does not fit a datagram never comes: ask for small
/// things.
class DatagramRpc final : public Rpc {
 public:
  /// Binds `<server>.<role>` for the replies, mode 0600, in the place of one left over. Throws std::system_error.
  DatagramRpc(std::string server, const std::string& role, std::chrono::milliseconds patience);
  ~DatagramRpc() override;

  /// Sends once more when no reply came in half of the patience.
  [[nodiscard]] RpcResult<model::Json> call(std::string_view method, const model::Json& params) override;

  /// Kamailio answers notifications too, but not to a socket without a name: no answer has to be read.
  void notify(std::string_view method, const model::Json& params) override;

  /// Ends a waiting call(), and each later one, as if Kamailio were away. Any thread.
  void stop();

 private:
  using Deadline = std::chrono::steady_clock::time_point;

  void close_all() const;
  RpcResult<void> send(int socket, const std::string& request) const;
  RpcResult<model::Json> receive(std::int64_t id, Deadline deadline);
  bool wait_readable(Deadline deadline) const;

  const std::string server_;
  const std::string own_path_;
  const std::chrono::milliseconds patience_;
  int socket_ = -1;
  int nameless_ = -1;  ///< sends notifications
  int stopped_ = -1;   ///< an eventfd, readable for ever after stop()
  std::int64_t last_id_ = 0;
  std::string reply_;
};

}  // namespace neolia::gateway::kamailio

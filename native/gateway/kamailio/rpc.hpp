// SPDX-License-Identifier: Apache-2.0
/// Kamailio's JSON-RPC commands.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "model/json.hpp"

namespace neolia::gateway::kamailio {

struct RpcError {
  enum class Kind {
    away,     ///< no socket, nobody there, no answer in time
    refused,  ///< Kamailio answered with an error
  };
  Kind kind{};
  std::string message;

  bool operator==(const RpcError&) const = default;
};

template <typename T>
using RpcResult = tl::expected<T, RpcError>;

/// Blocks; one thread at a time. Every command that we use may be sent twice.
class Rpc {
 public:
  Rpc() = default;
  Rpc(const Rpc&) = delete;
  Rpc& operator=(const Rpc&) = delete;
  virtual ~Rpc() = default;

  /// The result of `method`. `params` is a JSON array.
  [[nodiscard]] virtual RpcResult<model::Json> call(std::string_view method, const model::Json& params) = 0;

  /// The same without waiting; nobody learns whether it arrived.
  virtual void notify(std::string_view method, const model::Json& params) = 0;
};

}  // namespace neolia::gateway::kamailio

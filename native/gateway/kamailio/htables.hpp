// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "gateway/kamailio/rpc.hpp"
#include "rules/compile.hpp"

namespace neolia::gateway::kamailio {

/// The tables in Kamailio's memory (docs/architecture.md §2). What is written is read back: success means that Kamailio
/// holds it.
class Htables {
 public:
  explicit Htables(Rpc& rpc) : rpc_(rpc) {}

  /// Entry by entry: targets, rules, dial; removals the other way round.
  [[nodiscard]] RpcResult<void> write(const rules::TablesChange& change);

  /// Every table from sip.sqlite; `sizes` tells how many entries each must have then.
  struct Sizes {
    std::size_t dial = 0;
    std::size_t rules = 0;
    std::size_t targets = 0;
  };
  [[nodiscard]] RpcResult<void> reload(const Sizes& sizes);

  [[nodiscard]] RpcResult<std::optional<std::string>> get(const std::string& table, const std::string& key);
  [[nodiscard]] RpcResult<void> set(const std::string& table, const std::string& key, const std::string& value);
  [[nodiscard]] RpcResult<void> remove(const std::string& table, const std::string& key);

 private:
  RpcResult<void> expect_size(const model::Json& statistics, const std::string& table, std::size_t size) const;

  Rpc& rpc_;
};

}  // namespace neolia::gateway::kamailio

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "gateway/kamailio/htables.hpp"
#include "gateway/state/sip_tables.hpp"

namespace neolia::gateway::kamailio {

/// Makes Kamailio's memory follow sip.sqlite, by the smaller of two ways, and reads back what it did. One thread.
class LiveTables {
 public:
  /// `mark` names this run of the gateway.
  LiveTables(Rpc& rpc, std::string mark) : htables_(rpc), mark_(std::move(mark)) {}

  /// Whether Kamailio still holds what this run of the gateway put there: `by_another` after a restart of the gateway,
  /// `not_at_all` after one of Kamailio.
  enum class Filled { by_us, by_another, not_at_all };
  [[nodiscard]] RpcResult<Filled> are_filled();

  /// Whether Kamailio keeps events in memory, as it cannot write them; `full` when it loses the oldest of them.
  enum class EventsWait { no, waiting, full };
  [[nodiscard]] RpcResult<EventsWait> events_wait();

  /// sip.sqlite differs by `change` from what Kamailio holds; `sys` and `tables` are all of it.
  [[nodiscard]] RpcResult<void> follow(const rules::TablesChange& change, const rules::Tables& tables,
                                       const state::Entries& sys);

  /// Whatever Kamailio holds.
  [[nodiscard]] RpcResult<void> refill(const rules::Tables& tables, const state::Entries& sys);

 private:
  RpcResult<void> set_sys(const state::Entries& sys);
  RpcResult<void> expect_sys(const state::Entries& sys);

  Htables htables_;
  const std::string mark_;
};

}  // namespace neolia::gateway::kamailio

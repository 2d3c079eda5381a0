// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/api/services.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

/// Where events come from.
struct EventSource {
  const kamailio::StatusBoard& board;
  EventFeed& feed;
  asio::any_io_executor query_thread;
  const state::EventLog& event_log;  ///< query_thread
};

/// GET /v1/events: hello, the events after the cursor, then live ones.
[[nodiscard]] net::Subscribe events(const EventSource& source, const asio::any_io_executor& io_thread);

}  // namespace neolia::gateway::api

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <type_traits>

#include "gateway/api/event_feed.hpp"
#include "gateway/api/sip_sockets.hpp"
#include "gateway/kamailio/applier.hpp"
#include "gateway/kamailio/rpc.hpp"
#include "gateway/kamailio/session_keeper.hpp"
#include "gateway/kamailio/status_board.hpp"
#include "gateway/media/media_thread.hpp"
#include "gateway/state/accepted.hpp"
#include "gateway/state/event_log.hpp"
#include "gateway/state/location_file.hpp"
#include "gateway/state/messages.hpp"
#include "gateway/turn.hpp"

namespace neolia::gateway::api {

namespace asio = boost::asio;

/// What endpoints work with. What blocks runs on the thread named beside it.
struct Services {
  const kamailio::StatusBoard& board;
  const state::Accepted& accepted;
  EventFeed& feed;
  kamailio::Calls& calls;
  const state::Presence& presence;
  const Turn& turn;
  SipSockets& sip_sockets;
  const SipLimits sip_limits;
  const asio::ip::tcp::endpoint sip_websocket;  ///< Kamailio's

  asio::any_io_executor apply_thread;
  kamailio::Applier& applier;  ///< apply_thread

  asio::any_io_executor query_thread;
  kamailio::Rpc& rpc;                    ///< query_thread
  const state::LocationFile& locations;  ///< query_thread
  const state::EventLog& event_log;      ///< query_thread

  asio::any_io_executor calls_thread;
  kamailio::Rpc& calls_rpc;                 ///< calls_thread
  const state::Sessions& sessions;          ///< calls_thread, as it blocks
  kamailio::SessionKeeper& session_keeper;  ///< calls_thread

  media::MediaThread& media;  ///< its executor
  state::Messages& messages;  ///< query_thread
  std::string messages_folder;
};

template <typename Work>
asio::awaitable<std::invoke_result_t<Work>> as_coroutine(Work work) {
  co_return work();
}

/// Runs `work` on another thread without blocking this one.
template <typename Work>
asio::awaitable<std::invoke_result_t<Work>> run_on(asio::any_io_executor thread, Work work) {
  co_return co_await asio::co_spawn(thread, as_coroutine(std::move(work)), asio::use_awaitable);
}

}  // namespace neolia::gateway::api

// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/endpoints.hpp"

#include "gateway/api/calls.hpp"
#include "gateway/api/events.hpp"
#include "gateway/api/greeting.hpp"
#include "gateway/api/health.hpp"
#include "gateway/api/messages.hpp"
#include "gateway/api/patch_snapshot.hpp"
#include "gateway/api/place_call.hpp"
#include "gateway/api/put_snapshot.hpp"
#include "gateway/api/registrations.hpp"
#include "gateway/api/sessions.hpp"
#include "gateway/api/sip.hpp"
#include "gateway/api/status.hpp"

namespace neolia::gateway::api {
namespace {
constexpr std::size_t kSmall = 4096;  ///< bytes of a body
}

net::Endpoints make_endpoints(Services& services, const asio::any_io_executor& io_thread) {
  using net::Access;
  using net::http::verb;
  return {
      {verb::get, "/v1/health", Access::open, health()},
      {verb::get, "/v1/status", Access::token, api::status(services)},
      {verb::put, "/v1/snapshot", Access::token, put_snapshot(services)},
      {verb::patch, "/v1/snapshot", Access::token, patch_snapshot(services)},
      {verb::get, "/v1/registrations", Access::token, registrations(services)},
      {verb::get, "/v1/events", Access::token,
       events({services.board, services.feed, services.query_thread, services.event_log}, io_thread)},
      {verb::get, "/v1/calls", Access::token, list_calls(services)},
      {verb::post, "/v1/calls", Access::token, place_call(services), kSmall},
      {verb::delete_, "/v1/calls", Access::token, end_calls_of_account(services), kSmall},
      {verb::delete_, "/v1/calls/{call_id}", Access::token, end_call(services), kSmall},
      {verb::post, "/v1/sessions", Access::token, create_session(services), kSmall},
      {verb::get, "/v1/sessions", Access::token, list_sessions(services)},
      {verb::patch, "/v1/sessions/{session_id}", Access::token, renew_session(services), kSmall},
      {verb::delete_, "/v1/sessions/{session_id}", Access::token, revoke_session(services), kSmall},
      {verb::get, "/v1/messages", Access::token, list_messages(services)},
      {verb::get, "/v1/messages/{message_id}", Access::token, get_message(services)},
      {verb::delete_, "/v1/messages/{message_id}", Access::token, delete_message(services), kSmall},
      {verb::put, "/v1/greeting", Access::token, put_greeting(services), media::Greetings::kMaxBytes},
      {verb::delete_, "/v1/greeting", Access::token, delete_greeting(services), kSmall},
      {verb::get, "/v1/sip", Access::token_or_session, sip(services, io_thread)},
  };
}

}  // namespace neolia::gateway::api

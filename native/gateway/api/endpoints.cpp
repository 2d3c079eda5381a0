// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/endpoints.hpp"

#include "gateway/api/events.hpp"
#include "gateway/api/health.hpp"
#include "gateway/api/patch_snapshot.hpp"
#include "gateway/api/put_snapshot.hpp"
#include "gateway/api/registrations.hpp"
#include "gateway/api/status.hpp"

namespace neolia::gateway::api {

net::Endpoints make_endpoints(Services& services, const asio::any_io_executor& io_thread) {
  using net::Access;
  using net::http::verb;
  return {
      {verb::get, "/v1/health", Access::open, health()},
      {verb::get, "/v1/status", Access::token, status(services)},
      {verb::put, "/v1/snapshot", Access::token, put_snapshot(services)},
      {verb::patch, "/v1/snapshot", Access::token, patch_snapshot(services)},
      {verb::get, "/v1/registrations", Access::token, registrations(services)},
      {verb::get, "/v1/events", Access::token, events(services, io_thread)},
  };
}

}  // namespace neolia::gateway::api

// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/greeting.hpp"

#include <cmath>

#include "gateway/api/body.hpp"

namespace neolia::gateway::api {
namespace {

using net::http::status;

/// Empty: the greeting of all units.
tl::expected<model::Id, net::Response> find_unit(const Services& services, const net::Request& request) {
  const auto unit_id = request.query.find("unit_id");
  if (unit_id == request.query.end()) return model::Id();
  const bool is_known = services.accepted.read([&](const state::Picture* picture, const state::Keys&) {
    return picture != nullptr && picture->compiler.facts().unit(unit_id->second) != nullptr;
  });
  if (is_known) return unit_id->second;
  return tl::unexpected(net::error_response(status::not_found, "not_found", "no unit has this unit_id"));
}

asio::awaitable<net::Response> put(const Services& services, net::Request request) {
  const auto unit_id = find_unit(services, request);
  if (!unit_id) co_return unit_id.error();
  const auto thread = services.media.executor();
  auto work = services.media.greetings().set(thread, *unit_id, std::move(request.body));
  const auto seconds = co_await asio::co_spawn(thread, std::move(work), asio::use_awaitable);
  if (!seconds) co_return net::error_response(status::bad_request, "invalid", seconds.error());
  co_return net::json_response(status::ok, {{"seconds", std::round(*seconds * 10) / 10}});
}

asio::awaitable<net::Response> remove(const Services& services, net::Request request) {
  const auto unit_id = find_unit(services, request);
  if (!unit_id) co_return unit_id.error();
  const auto reset = [&greetings = services.media.greetings(), unit_id = *unit_id] { return greetings.reset(unit_id); };
  const auto done = co_await run_on(services.media.executor(), reset);
  if (!done) co_return net::error_response(status::internal_server_error, "storage", done.error());
  co_return net::Response{status::no_content, {}, {}};
}

}  // namespace

net::Answer put_greeting(const Services& services) {
  return [&services](net::Request request) { return put(services, std::move(request)); };
}

net::Answer delete_greeting(const Services& services) {
  return [&services](net::Request request) { return remove(services, std::move(request)); };
}

}  // namespace neolia::gateway::api

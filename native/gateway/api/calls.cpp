// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/calls.hpp"

#include "gateway/api/body.hpp"
#include "gateway/kamailio/end_calls.hpp"

namespace neolia::gateway::api {
namespace {

using model::Json;
using net::http::status;

Json listed(const kamailio::Call& call) {
  Json json = {{"state", call.answered ? "answered" : "ringing"},
               {"by", call.answered ? Json(call.by) : Json()},
               {"test", call.is_test()}};
  for (const char* field : {"call_id", "at", "caller", "dialled", "unit_id", "account_id"}) {
    json[field] = call.incoming[field];
  }
  return json;
}

asio::awaitable<net::Response> list(const Services& services) {
  Json calls = Json::array();
  for (const auto& call : services.calls.list()) calls.push_back(listed(call));
  co_return net::json_response(status::ok, {{"calls", std::move(calls)}});
}

/// On the thread that may wait for Kamailio.
asio::awaitable<kamailio::RpcResult<void>> end_all(const Services& services, std::vector<std::string> call_ids,
                                                   std::string reason) {
  const auto end = [&services, call_ids = std::move(call_ids), reason = std::move(reason)] {
    return kamailio::end_calls(services.calls_rpc, services.calls, call_ids, reason);
  };
  co_return co_await run_on(services.calls_thread, end);
}

net::Response unavailable(const kamailio::RpcError& error) {
  return net::error_response(status::service_unavailable, "unavailable", error.message);
}

asio::awaitable<net::Response> end_one(const Services& services, net::Request request) {
  const auto given = request.query.find("reason");
  const std::string reason = given == request.query.end() ? "stopped" : given->second;
  if (reason != "stopped" && reason != "door_opened") {
    co_return invalid({{model::FieldCode::format, "reason", "must be stopped or door_opened"}});
  }
  const std::string call_id = request.parameters["call_id"];
  if (!services.calls.find(call_id)) {
    co_return net::error_response(status::not_found, "not_found", "no call with this call_id goes on");
  }
  const std::vector<std::string> call_ids{call_id};
  const auto ended = co_await end_all(services, call_ids, reason);
  if (!ended) co_return unavailable(ended.error());
  co_return net::Response{status::no_content, {}, {}};
}

std::optional<std::string> username_of(const state::Accepted& accepted, const std::string& account_id) {
  return accepted.read([&](const state::Picture* picture, const state::Keys&) -> std::optional<std::string> {
    const auto* account = picture == nullptr ? nullptr : picture->compiler.facts().account(account_id);
    return account == nullptr ? std::nullopt : std::optional(account->username);
  });
}

asio::awaitable<net::Response> end_of_account(const Services& services, net::Request request) {
  const auto account_id = request.query.find("account_id");
  if (account_id == request.query.end()) {
    co_return invalid({{model::FieldCode::required, "account_id", "says whose calls to end"}});
  }
  const auto username = username_of(services.accepted, account_id->second);
  if (!username) co_return net::error_response(status::not_found, "not_found", "no account has this account_id");
  std::vector<std::string> call_ids;
  for (const auto& call : services.calls.list()) {
    if (call.is_of(account_id->second, *username)) call_ids.push_back(call.call_id());
  }
  const auto count = call_ids.size();
  const auto ended = co_await end_all(services, std::move(call_ids), "stopped");
  if (!ended) co_return unavailable(ended.error());
  co_return net::json_response(status::ok, {{"ended", count}});
}

}  // namespace

net::Answer list_calls(const Services& services) {
  return [&services](const net::Request&) { return list(services); };
}

net::Answer end_call(const Services& services) {
  return [&services](net::Request request) { return end_one(services, std::move(request)); };
}

net::Answer end_calls_of_account(const Services& services) {
  return [&services](net::Request request) { return end_of_account(services, std::move(request)); };
}

}  // namespace neolia::gateway::api

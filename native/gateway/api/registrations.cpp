// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/registrations.hpp"

#include "gateway/kamailio/contacts.hpp"

namespace neolia::gateway::api {
namespace {

using model::Json;
using net::http::status;
using Registrations = std::vector<state::Registration>;

constexpr int kMaxListed = 100000;

Json account_id_or_null(const rules::Facts* facts, const std::string& username) {
  const auto* account = facts == nullptr ? nullptr : facts->account_by_username(username);
  return account == nullptr ? Json(nullptr) : Json(account->id);
}

Json to_json(const Registrations& registrations, const state::Accepted& accepted) {
  Json list = Json::array();
  accepted.read([&](const state::Picture* picture, const state::Keys&) {
    const auto* facts = picture == nullptr ? nullptr : &picture->compiler.facts();
    for (const auto& [username, contact, user_agent, expires_at] : registrations) {
      list.push_back({{"account_id", account_id_or_null(facts, username)},
                      {"username", username},
                      {"contact", contact},
                      {"user_agent", user_agent},
                      {"expires_at", expires_at}});
    }
  });
  return list;
}

net::Response list_answer(const Registrations& registrations, const state::Accepted& accepted) {
  return net::json_response(status::ok, {{"registrations", to_json(registrations, accepted)}});
}

std::optional<std::string> username_of(const state::Accepted& accepted, const std::string& account_id) {
  return accepted.read([&](const state::Picture* picture, const state::Keys&) -> std::optional<std::string> {
    const auto* account = picture == nullptr ? nullptr : picture->compiler.facts().account(account_id);
    return account == nullptr ? std::nullopt : std::optional(account->username);
  });
}

asio::awaitable<net::Response> answer_all(const Services& services) {
  const auto read = [&locations = services.locations] { return locations.read(kMaxListed); };
  const auto registrations = co_await run_on(services.query_thread, read);
  if (registrations) co_return list_answer(*registrations, services.accepted);
  const auto& error = registrations.error();
  co_return net::error_response(status::internal_server_error, model::to_string(error.code), error.message);
}

asio::awaitable<net::Response> answer_one(const Services& services, std::string account_id) {
  const auto username = username_of(services.accepted, account_id);
  if (!username) co_return net::error_response(status::not_found, "not_found", "no account has this account_id");
  const auto look_up = [&rpc = services.rpc, username = *username] {
    return kamailio::look_up_contacts(rpc, username);
  };
  const auto registrations = co_await run_on(services.query_thread, look_up);
  if (registrations) co_return list_answer(*registrations, services.accepted);
  co_return net::error_response(status::service_unavailable, "unavailable", registrations.error().message);
}

}  // namespace

net::Answer registrations(const Services& services) {
  return [&services](const net::Request& request) {
    const auto account_id = request.query.find("account_id");
    return account_id == request.query.end() ? answer_all(services) : answer_one(services, account_id->second);
  };
}

}  // namespace neolia::gateway::api

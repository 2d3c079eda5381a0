// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/sessions.hpp"

#include <date/date.h>

#include <chrono>
#include <set>

#include "gateway/api/body.hpp"

namespace neolia::gateway::api {
namespace {

using model::Json;
using net::http::status;

constexpr std::int64_t kMinSeconds = 60;
constexpr std::int64_t kMaxSeconds = 3600;

std::string format_time(std::int64_t seconds) {
  return date::format("%FT%TZ", date::sys_seconds(std::chrono::seconds(seconds)));
}

struct Owner {
  model::Account account;
  std::string realm;
};

/// The account that may have a session, or why not.
tl::expected<Owner, net::Response> find_owner(const state::Accepted& accepted, const std::string& account_id) {
  const auto found = accepted.read([&](const state::Picture* picture, const state::Keys&) -> std::optional<Owner> {
    const auto* account = picture == nullptr ? nullptr : picture->compiler.facts().account(account_id);
    return account == nullptr ? std::nullopt : std::optional(Owner{*account, picture->directory.realm});
  });
  if (!found) {
    return tl::unexpected(net::error_response(status::not_found, "not_found", "no account has this account_id"));
  }
  if (found->account.kind == model::AccountKind::door) {
    return tl::unexpected(
        invalid({{model::FieldCode::wrong_kind, "account_id", "must be an account of kind panel or mobile"}}));
  }
  if (!found->account.enabled) {
    return tl::unexpected(net::error_response(status::conflict, "account_disabled", "the account is disabled"));
  }
  return *found;
}

/// By the username; empty when the account is gone meanwhile.
Owner find_owner_of(const state::Accepted& accepted, const state::Session& session) {
  return accepted.read([&](const state::Picture* picture, const state::Keys&) -> Owner {
    const auto* account = picture == nullptr ? nullptr : picture->compiler.facts().account_by_username(session.account);
    return account == nullptr ? Owner() : Owner{*account, picture->directory.realm};
  });
}

Json turn_json(const std::optional<TurnCredentials>& turn) {
  if (!turn) return nullptr;
  return {{"urls", turn->urls},
          {"username", turn->username},
          {"credential", turn->credential},
          {"expires_at", format_time(turn->expires)}};
}

/// What every answer about one session has.
Json to_json(const state::Session& session, const Owner& owner, const Turn& turn) {
  return {{"session_id", state::session_id_of(session.username)},
          {"account_id", owner.account.id},
          {"username", session.username},
          {"realm", owner.realm},
          {"aor", "sip:" + session.account + "@" + owner.realm},
          {"expires_at", format_time(session.expires)},
          {"turn", turn_json(turn.make(session.account, session.expires))}};
}

net::Response refuse_session(const model::Error& error) {
  if (error.code == model::ErrorCode::conflict) {
    return net::error_response(status::conflict, "too_many_sessions", error.message);
  }
  return answer_to(error);
}

asio::awaitable<net::Response> create(const Services& services, net::Request request) {
  Body body(request);
  const auto account_id = body.text("account_id");
  const auto seconds = body.number("seconds", kMinSeconds, kMaxSeconds, kMaxSeconds);
  if (auto refusal = body.refusal()) co_return std::move(*refusal);
  const auto owner = find_owner(services.accepted, account_id);
  if (!owner) co_return owner.error();
  const auto make = [&sessions = services.sessions, username = owner->account.username, realm = owner->realm, seconds] {
    return sessions.create(username, realm, seconds, false);
  };
  const auto session = co_await run_on(services.calls_thread, make);
  if (!session) co_return refuse_session(session.error());
  auto json = to_json(*session, *owner, services.turn);
  json["password"] = session->password;
  json["path"] = "/v1/sip?session=" + session->token;
  co_return net::json_response(status::created, json);
}

std::set<std::string> registered_sessions(const state::Presence& presence) {
  std::set<std::string> usernames;
  for (const auto& device : presence.devices_of_sessions()) {
    if (device.gone == 0) usernames.insert(device.session);
  }
  return usernames;
}

asio::awaitable<net::Response> answer_sessions(const Services& services, net::Request request) {
  const auto wanted = request.query.find("account_id");
  std::string account;  // of all
  if (wanted != request.query.end()) {
    const auto owner = find_owner(services.accepted, wanted->second);
    if (!owner && owner.error().status == status::not_found) co_return owner.error();
    if (!owner) co_return net::json_response(status::ok, {{"sessions", Json::array()}});
    account = owner->account.username;
  }
  const auto read = [&sessions = services.sessions, account] { return sessions.list(account); };
  const auto sessions = co_await run_on(services.calls_thread, read);
  if (!sessions) co_return answer_to(sessions.error());
  const auto registered = registered_sessions(services.presence);
  Json json = Json::array();
  for (const auto& session : *sessions) {
    const auto account_id = find_owner_of(services.accepted, session).account.id;
    if (session.test || account_id.empty()) continue;
    json.push_back({{"session_id", state::session_id_of(session.username)},
                    {"account_id", account_id},
                    {"expires_at", format_time(session.expires)},
                    {"registered", registered.contains(session.username)}});
  }
  co_return net::json_response(status::ok, {{"sessions", std::move(json)}});
}

asio::awaitable<net::Response> renew(const Services& services, net::Request request) {
  Body body(request);
  const auto seconds = body.number("seconds", kMinSeconds, kMaxSeconds, std::nullopt);
  if (auto refusal = body.refusal()) co_return std::move(*refusal);
  const auto username = state::session_username_of(request.parameters["session_id"]);
  const auto extend = [&sessions = services.sessions, username, seconds] { return sessions.renew(username, seconds); };
  const auto session = co_await run_on(services.calls_thread, extend);
  if (!session) co_return answer_to(session.error());
  const auto owner = find_owner_of(services.accepted, *session);
  if (owner.account.id.empty()) co_return net::error_response(status::not_found, "not_found", "the account is gone");
  co_return net::json_response(status::ok, to_json(*session, owner, services.turn));
}

asio::awaitable<net::Response> revoke(const Services& services, net::Request request) {
  const auto username = state::session_username_of(request.parameters["session_id"]);
  const auto end = [&keeper = services.session_keeper, username] { return keeper.revoke(username); };
  const auto revoked = co_await run_on(services.calls_thread, end);
  if (revoked) co_return net::Response{status::no_content, {}, {}};
  if (revoked.error().code == model::ErrorCode::closed) {
    co_return net::error_response(status::service_unavailable, "unavailable", revoked.error().message);
  }
  co_return answer_to(revoked.error());
}

}  // namespace

net::Answer create_session(const Services& services) {
  return [&services](net::Request request) { return create(services, std::move(request)); };
}

net::Answer list_sessions(const Services& services) {
  return [&services](net::Request request) { return answer_sessions(services, std::move(request)); };
}

net::Answer renew_session(const Services& services) {
  return [&services](net::Request request) { return renew(services, std::move(request)); };
}

net::Answer revoke_session(const Services& services) {
  return [&services](net::Request request) { return revoke(services, std::move(request)); };
}

}  // namespace neolia::gateway::api

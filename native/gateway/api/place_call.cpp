// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/place_call.hpp"

#include <algorithm>

#include "gateway/api/body.hpp"
#include "gateway/log.hpp"

namespace neolia::gateway::api {
namespace {

using net::http::status;

constexpr std::int64_t kSessionSeconds = 3600;  ///< longer than every call by rules
constexpr std::size_t kMaxDialled = 64;

struct Door {
  model::Account account;
  std::string realm;
};

bool is_dialled(std::string_view text) {
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("._-").find(static_cast<char>(c)) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= kMaxDialled && std::all_of(text.begin(), text.end(), allowed);
}

tl::expected<Door, net::Response> find_door(const state::Accepted& accepted, const std::string& account_id) {
  const auto found = accepted.read([&](const state::Picture* picture, const state::Keys&) -> std::optional<Door> {
    const auto* account = picture == nullptr ? nullptr : picture->compiler.facts().account(account_id);
    return account == nullptr ? std::nullopt : std::optional(Door{*account, picture->directory.realm});
  });
  if (!found) {
    return tl::unexpected(net::error_response(status::not_found, "not_found", "no account has this account_id"));
  }
  if (found->account.kind != model::AccountKind::door) {
    return tl::unexpected(invalid({{model::FieldCode::wrong_kind, "account_id", "must be an account of kind door"}}));
  }
  if (!found->account.enabled) {
    return tl::unexpected(net::error_response(status::conflict, "account_disabled", "the account is disabled"));
  }
  return *found;
}

net::Response too_many() {
  return net::error_response(status::too_many_requests, "too_many", "a test call of this account goes on");
}

/// Frees what the call signed in with.
std::function<void()> make_on_over(const Services& services, std::string username) {
  return [&services, username = std::move(username)] {
    asio::post(services.calls_thread, [&services, username] {
      const auto revoked = services.session_keeper.revoke(username);
      if (!revoked) log::warning("the session of a test call stays", {{"error", revoked.error().message}});
    });
  };
}

/// It looks once more, as another may have come meanwhile.
asio::awaitable<net::Response> place(const Services& services, Door door, std::string dialled,
                                     state::NewSession session) {
  media::Placement placement{door.account.username, session.username, session.password, door.realm, dialled};
  const auto on_over = make_on_over(services, session.username);
  const auto start = [&tests = services.media.test_calls(), account_id = door.account.id,
                      placement = std::move(placement),
                      on_over] { return tests.place(account_id, placement, on_over); };
  auto call_id = co_await run_on(services.media.executor(), start);
  if (call_id) co_return net::json_response(status::accepted, {{"sip_call_id", *call_id}});
  on_over();
  co_return too_many();
}

asio::awaitable<net::Response> answer(const Services& services, net::Request request) {
  Body body(request);
  const auto account_id = body.text("account_id");
  const auto dialled = body.text("dialled");
  if (auto refusal = body.refusal()) co_return std::move(*refusal);
  if (!is_dialled(dialled)) {
    co_return invalid({{model::FieldCode::format, "dialled", "must be 1 to 64 letters, digits, dots, dashes"}});
  }
  const auto door = find_door(services.accepted, account_id);
  if (!door) co_return door.error();
  if (!services.media.has_agent()) {
    co_return net::error_response(status::service_unavailable, "unavailable", "the agent does not listen; see the log");
  }
  const auto look = [&tests = services.media.test_calls(), account_id] { return tests.is_running(account_id); };
  const bool is_running = co_await run_on(services.media.executor(), look);
  if (is_running) co_return too_many();
  const auto make = [&sessions = services.sessions, username = door->account.username, realm = door->realm] {
    return sessions.create(username, realm, kSessionSeconds, true);
  };
  auto session = co_await run_on(services.calls_thread, make);
  if (!session) co_return answer_to(session.error());
  co_return co_await place(services, *door, dialled, std::move(*session));
}

}  // namespace

net::Answer place_call(const Services& services) {
  return [&services](net::Request request) { return answer(services, std::move(request)); };
}

}  // namespace neolia::gateway::api

// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/session_keeper.hpp"

#include "gateway/kamailio/contacts.hpp"
#include "gateway/kamailio/end_calls.hpp"
#include "gateway/log.hpp"

namespace neolia::gateway::kamailio {
namespace {

model::Result<std::set<std::string>> read_living(const state::Sessions& sessions) {
  return sessions.list().map([](const auto& list) {
    std::set<std::string> usernames;
    for (const auto& session : list) usernames.insert(session.username);
    return usernames;
  });
}

}  // namespace

model::Result<void> SessionKeeper::revoke(const std::string& username) {
  if (auto removed = parts_.sessions.remove(username); !removed) return removed;
  const auto living = read_living(parts_.sessions);
  if (!living) return tl::unexpected(living.error());
  parts_.on_living(*living);
  const auto ended = end_all_but(*living);
  if (ended) return {};
  return tl::unexpected(model::Error{
      model::ErrorCode::closed,
      "its credentials are gone; its contacts and calls end as soon as Kamailio answers: " + ended.error().message,
      {}});
}

void SessionKeeper::tick() {
  if (const auto expired = parts_.sessions.expire(); !expired) {
    log::warning("expired sessions are not removed", {{"error", expired.error().message}});
  }
  const auto living = read_living(parts_.sessions);
  if (!living) return log::error("sessions cannot be read", {{"error", living.error().message}});
  parts_.on_living(*living);
  const auto ended = end_all_but(*living);
  const auto failure = ended ? std::string() : ended.error().message;
  if (failure != failure_ && !ended) log::warning("ended sessions are not gone yet", {{"why", failure}});
  failure_ = failure;
}

RpcResult<void> SessionKeeper::end_all_but(const std::set<std::string>& living) {
  return drop_contacts(living).and_then([&] {
    const auto calls = find_calls(living);
    return calls.empty() ? RpcResult<void>() : end_calls(parts_.rpc, parts_.calls, calls, "revoked");
  });
}

RpcResult<void> SessionKeeper::drop_contacts(const std::set<std::string>& living) {
  std::set<std::string> settled;
  for (const auto& device : parts_.presence.devices_of_sessions()) {
    if (living.contains(device.session)) continue;
    if (!settled_.contains(device.device)) {
      if (auto dropped = drop_contact(parts_.rpc, device.username, device.device); !dropped) return dropped;
    }
    settled.insert(device.device);
  }
  settled_ = std::move(settled);
  return {};
}

/// Those that an ended session made or answered. Who makes a test call ends it himself.
std::vector<std::string> SessionKeeper::find_calls(const std::set<std::string>& living) const {
  std::vector<std::string> found;
  for (const auto& call : parts_.calls.list()) {
    const auto caller = call.session_id();
    const auto device = parts_.presence.find(call.device);
    const bool by_caller = !caller.empty() && !living.contains(state::session_username_of(caller));
    const bool by_device = device && !device->session.empty() && !living.contains(device->session);
    if (!call.is_test() && (by_caller || by_device)) found.push_back(call.call_id());
  }
  return found;
}

}  // namespace neolia::gateway::kamailio

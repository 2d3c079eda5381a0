// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/test_calls.hpp"

#include <algorithm>

#include "gateway/log.hpp"

namespace neolia::gateway::media {

bool TestCalls::is_running(const model::Id& account_id) const {
  return std::any_of(calls_.begin(), calls_.end(),
                     [&](const auto& entry) { return entry.second.account_id == account_id; });
}

std::optional<std::string> TestCalls::place(const model::Id& account_id, Placement placement,
                                            std::function<void()> on_over) {
  if (is_running(account_id)) return std::nullopt;
  log::info("test call", {{"account_id", account_id}, {"dialled", placement.dialled}});
  auto placed = agent_.place(std::move(placement));
  calls_.emplace(placed.call, Call{account_id, std::move(on_over), asio::steady_timer(context_)});
  return std::move(placed.call_id);
}

void TestCalls::on_established(CallNumber number) {
  const auto call = calls_.find(number);
  if (call == calls_.end()) return;
  call->second.talk.expires_after(talk_);
  call->second.talk.async_wait([this, number](boost::system::error_code error) {
    if (!error) agent_.hang_up(number);
  });
}

void TestCalls::on_end(CallNumber number) {
  const auto call = calls_.find(number);
  if (call == calls_.end()) return;
  const auto on_over = std::move(call->second.on_over);
  calls_.erase(call);
  if (on_over) on_over();
}

void TestCalls::stop() {
  for (const auto& [number, call] : calls_) agent_.hang_up(number);
}

}  // namespace neolia::gateway::media

// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/end_calls.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "model/id.hpp"

namespace neolia::gateway::kamailio {
namespace {

using model::Json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPatience{1000};
constexpr milliseconds kRound{40};
constexpr std::int64_t kDeletedDialog = 5;  ///< DLG_STATE_DELETED: over, but still referred to

/// Refusals are not fatal: the call may have gone on to its next state, or be over.
RpcResult<void> ask(Rpc& rpc, std::string_view method, const Json& params) {
  auto done = rpc.call(method, params);
  if (!done && done.error().kind == RpcError::Kind::away) return tl::unexpected(done.error());
  return {};
}

/// Answers the caller's INVITE, which cancels every branch.
RpcResult<void> reply_to_caller(Rpc& rpc, const Call& call) {
  if (!call.cseq) return {};
  const auto tag = "gateway-" + model::make_id();
  return ask(
      rpc, "tm.reply_callid",
      Json::array({480, "Temporarily Unavailable", call.sip_call_id(), std::to_string(*call.cseq), tag, "", ""}));
}

RpcResult<void> send_bye(Rpc& rpc, const Call& call) {
  const auto colon = call.dialog.find(':');
  if (colon == std::string::npos) return {};
  std::uint32_t entry = 0;
  std::uint32_t id = 0;
  std::from_chars(call.dialog.data(), call.dialog.data() + colon, entry);
  std::from_chars(call.dialog.data() + colon + 1, call.dialog.data() + call.dialog.size(), id);
  return ask(rpc, "dlg.end_dlg", Json::array({entry, id}));
}

RpcResult<void> order_end(Rpc& rpc, const Call& call) {
  return call.answered ? send_bye(rpc, call) : reply_to_caller(rpc, call);
}

bool is_alive(const Json& dialog) {
  return dialog.is_object() && dialog.contains("state") && dialog["state"].is_number_integer() &&
         dialog["state"] != kDeletedDialog;
}

/// One call, one round; whether its end is confirmed.
RpcResult<bool> follow(Rpc& rpc, const Calls& calls, Call& call) {
  if (calls.wait_ended(call.call_id(), kRound)) return true;
  const auto there = has_call(rpc, call);
  if (!there || !*there) return there.map([](bool present) { return !present; });
  const auto now = calls.find(call.call_id());
  if (!now || now->answered == call.answered) return !now.has_value();
  call = *now;
  return order_end(rpc, call).map([] { return false; });
}

RpcResult<void> announce(Rpc& rpc, const Call& call, std::string_view reason) {
  const auto done = rpc.call("htable.sets", Json::array({"ending", call.call_id(), reason}));
  return done ? RpcResult<void>() : tl::unexpected(done.error());
}

}  // namespace

RpcResult<bool> has_call(Rpc& rpc, const Call& call) {
  const auto reply = rpc.call("dlg.dlg_list", Json::array({call.sip_call_id()}));
  if (!reply && reply.error().kind == RpcError::Kind::refused) return false;
  if (!reply) return tl::unexpected(reply.error());
  if (!reply->is_array()) return is_alive(*reply);
  return std::any_of(reply->begin(), reply->end(), is_alive);
}

RpcResult<void> end_calls(Rpc& rpc, Calls& calls, const std::vector<std::string>& call_ids, std::string_view reason) {
  std::vector<Call> left;
  for (const auto& call_id : call_ids) {
    const auto call = calls.find(call_id);
    if (!call) continue;
    calls.set_ending(call_id, reason);
    const auto ordered = announce(rpc, *call, reason).and_then([&] { return order_end(rpc, *call); });
    if (!ordered) return ordered;
    left.push_back(*call);
  }
  const auto deadline = steady_clock::now() + kPatience;
  while (!left.empty() && steady_clock::now() < deadline) {
    const auto ended = follow(rpc, calls, left.back());
    if (!ended) return tl::unexpected(ended.error());
    if (*ended) left.pop_back();
  }
  if (left.empty()) return {};
  return tl::unexpected(RpcError{RpcError::Kind::refused, "Kamailio did not end the call " + left.back().call_id() +
                                                              " within a second; ask again"});
}

}  // namespace neolia::gateway::kamailio

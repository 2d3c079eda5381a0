// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/lost_calls.hpp"

#include "gateway/kamailio/end_calls.hpp"
#include "gateway/log.hpp"

namespace neolia::gateway::kamailio {
namespace {
constexpr int kAbsences = 2;
}

void LostCalls::suspect_all() {
  for (const auto& call : calls_.list()) suspects_.emplace(call.call_id(), 0);
}

void LostCalls::tick() {
  for (const auto& call : calls_.list()) {
    if (!call.ending.empty()) suspects_.emplace(call.call_id(), 0);
  }
  for (auto next = suspects_.begin(); next != suspects_.end();) {
    const auto verdict = judge(next->first, next->second);
    if (verdict == Verdict::unknown) {
      ++next;
      continue;
    }
    if (verdict == Verdict::lost) {
      log::info("a call has ended without an event of Kamailio's", {{"call_id", next->first}});
      append_(next->first);
    }
    next = suspects_.erase(next);
  }
}

LostCalls::Verdict LostCalls::judge(const std::string& call_id, int& absences) {
  const auto call = calls_.find(call_id);
  if (!call) return Verdict::not_lost;
  const auto there = has_call(rpc_, *call);
  if (!there) return Verdict::unknown;
  if (*there) return Verdict::not_lost;
  return ++absences < kAbsences ? Verdict::unknown : Verdict::lost;
}

}  // namespace neolia::gateway::kamailio

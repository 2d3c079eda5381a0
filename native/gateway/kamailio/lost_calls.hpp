// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>

#include "gateway/kamailio/calls.hpp"
#include "gateway/kamailio/rpc.hpp"

namespace neolia::gateway::kamailio {

/// Ends calls in the event log that Kamailio does not have any more and never told the end of: those that a restarted
/// one has forgotten, and those that were ended so fast that it skipped its event (`dlg.end_dlg` tells only when
/// neither BYE is answered yet). One thread; blocks for Kamailio.
class LostCalls {
 public:
  using Append = std::function<void(const std::string& call_id)>;

  LostCalls(Rpc& rpc, const Calls& calls, Append append) : rpc_(rpc), calls_(calls), append_(std::move(append)) {}

  /// Kamailio has restarted: every call of now may be lost.
  void suspect_all();

  /// Once a second. A call is lost when Kamailio does not have it twice and no event has ended it meanwhile: between
  /// its end and the event of it lies a moment.
  void tick();

 private:
  enum class Verdict { unknown, not_lost, lost };
  Verdict judge(const std::string& call_id, int& absences);

  Rpc& rpc_;
  const Calls& calls_;
  Append append_;
  std::map<std::string, int> suspects_;  ///< how often Kamailio did not have it
};

}  // namespace neolia::gateway::kamailio

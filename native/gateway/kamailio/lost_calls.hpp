// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>

#include "gateway/kamailio/calls.hpp"
#include "gateway/kamailio/rpc.hpp"

namespace neolia::gateway::kamailio {

/// Ends calls in the event log that a restarted Kamailio has forgotten. One thread; blocks for Kamailio.
class LostCalls {
 public:
  using Append = std::function<void(const std::string& call_id)>;

  LostCalls(Rpc& rpc, const Calls& calls, Append append) : rpc_(rpc), calls_(calls), append_(std::move(append)) {}

  /// Every call of now may be lost.
  void suspect_all();
  void suspect(const std::string& call_id) { suspects_.emplace(call_id, 0); }

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

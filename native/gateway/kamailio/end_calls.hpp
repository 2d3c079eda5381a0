// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/kamailio/calls.hpp"
#include "gateway/kamailio/rpc.hpp"

namespace neolia::gateway::kamailio {

/// Ends calls and returns when each end is confirmed: by its final event, or because Kamailio has no such call any
/// more. An error when that takes longer than a second. Calls that are not in the list count as ended. In the second
/// case LostCalls sees to the final event, should it not come.
[[nodiscard]] RpcResult<void> end_calls(Rpc& rpc, Calls& calls, const std::vector<std::string>& call_ids,
                                        std::string_view reason);

/// Whether Kamailio has this call, ringing or answered.
[[nodiscard]] RpcResult<bool> has_call(Rpc& rpc, const Call& call);

}  // namespace neolia::gateway::kamailio

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/kamailio/rpc.hpp"

namespace neolia::gateway::kamailio {

/// Empty when the text is not the reply to `id`, but for example a late one to an earlier request.
[[nodiscard]] std::optional<RpcResult<model::Json>> read_reply(std::string_view text, std::int64_t id);

}  // namespace neolia::gateway::kamailio

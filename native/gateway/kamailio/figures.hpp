// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gateway/kamailio/rpc.hpp"

namespace neolia::gateway::kamailio {

/// What Kamailio tells of itself, for the status; empty when it tells nothing that can be read.
[[nodiscard]] std::optional<std::int64_t> count_calls(Rpc& rpc);
[[nodiscard]] std::optional<std::int64_t> count_contacts(Rpc& rpc);
[[nodiscard]] std::optional<std::string> read_version(Rpc& rpc);

}  // namespace neolia::gateway::kamailio

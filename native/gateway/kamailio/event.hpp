// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "gateway/state/accepted.hpp"
#include "model/json.hpp"

namespace neolia::gateway::kamailio {

/// One outbox row as the event of the API: keys become ids and names, hex becomes text, what does not apply is null
/// (docs/architecture.md §4). The error says what is malformed.
[[nodiscard]] model::Result<model::Json> read_event(std::string_view row, const state::Accepted& accepted);

}  // namespace neolia::gateway::kamailio

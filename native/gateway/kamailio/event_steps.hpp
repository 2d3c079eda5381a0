// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "gateway/state/keys.hpp"
#include "model/json.hpp"

namespace neolia::gateway::kamailio {

/// `<R>~<step>` joined by `|` (docs/architecture.md §2) as a list of steps; empty when malformed.
[[nodiscard]] std::optional<model::Json> read_steps(std::string_view text, const state::Keys& keys);

}  // namespace neolia::gateway::kamailio

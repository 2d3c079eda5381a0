// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/state/accepted.hpp"
#include "gateway/state/messages.hpp"
#include "model/json.hpp"

namespace neolia::gateway::media {

/// The event that tells of a message (docs/architecture.md §4).
[[nodiscard]] model::Json make_event(const state::Message& message, const state::Accepted& accepted);

}  // namespace neolia::gateway::media

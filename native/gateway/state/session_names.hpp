// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/id.hpp"

namespace neolia::gateway::state {

inline constexpr std::string_view kSessionPrefix = "session+";

/// The id of a session by its username; empty when it is not one of a session.
[[nodiscard]] model::Id session_id_of(std::string_view username);
/// "session+…" of an id; of what is no id, a username that no session has.
[[nodiscard]] std::string session_username_of(std::string_view session_id);

}  // namespace neolia::gateway::state

// SPDX-License-Identifier: Apache-2.0
/// What RTPEngine's datagrams say: `<cookie> <JSON object>`.
#pragma once

#include <chrono>
#include <string_view>

#include "gateway/media/outcome.hpp"
#include "model/json.hpp"

namespace neolia::gateway::media {

/// Empty when there is none.
[[nodiscard]] std::string_view cookie_of(std::string_view datagram);

/// What stands behind the cookie; discarded when it is no JSON.
[[nodiscard]] model::Json read_ng_answer(std::string_view datagram);

/// The answer itself when it says that all is well.
[[nodiscard]] Outcome<model::Json> check_ng_answer(model::Json answer);

/// Of the answer to `play media`.
[[nodiscard]] Outcome<std::chrono::milliseconds> length_played(const model::Json& answer);

}  // namespace neolia::gateway::media

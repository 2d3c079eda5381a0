// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace neolia::gateway::media {

/// The error is a sentence for the log.
template <typename T>
using Outcome = tl::expected<T, std::string>;

inline tl::unexpected<std::string> failure(std::string why) { return tl::unexpected(std::move(why)); }

}  // namespace neolia::gateway::media

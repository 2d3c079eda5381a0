// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/settings.hpp"
#include "model/error.hpp"

namespace neolia::gateway {

/// Runs the gateway until SIGTERM or SIGINT. The error says why it could not start.
[[nodiscard]] model::Result<void> run(const Settings& settings);

}  // namespace neolia::gateway

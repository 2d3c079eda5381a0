// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/state/database.hpp"

namespace neolia::gateway::state {

/// Names the database in errors.
inline constexpr const char* kGatewayDatabase = "gateway.sqlite";

/// gateway.sqlite, made with a new event stream when it is missing. Each thread opens its own.
[[nodiscard]] DatabasePtr open_gateway(const std::string& path);

}  // namespace neolia::gateway::state

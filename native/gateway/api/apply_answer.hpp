// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/kamailio/applier.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

/// What both ways of pushing a snapshot answer.
[[nodiscard]] net::Response apply_answer(const kamailio::ApplyResult& result);

}  // namespace neolia::gateway::api

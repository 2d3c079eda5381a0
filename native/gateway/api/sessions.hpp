// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/api/services.hpp"
#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

/// POST /v1/sessions: credentials for one browser; its secrets are in this answer only.
[[nodiscard]] net::Answer create_session(const Services& services);
/// GET /v1/sessions
[[nodiscard]] net::Answer list_sessions(const Services& services);
/// PATCH /v1/sessions/{session_id}
[[nodiscard]] net::Answer renew_session(const Services& services);
/// DELETE /v1/sessions/{session_id}
[[nodiscard]] net::Answer revoke_session(const Services& services);

}  // namespace neolia::gateway::api

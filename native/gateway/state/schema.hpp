// SPDX-License-Identifier: Apache-2.0
/// The schemas of the four files, embedded at build time.
#pragma once

namespace neolia::gateway::state {

extern const char* const kGatewaySchema;
extern const char* const kGatewayCallsSchema;
extern const char* const kGatewayMessagesSchema;
extern const char* const kSipSchema;
extern const char* const kLocationSchema;
extern const char* const kEventsSchema;

}  // namespace neolia::gateway::state

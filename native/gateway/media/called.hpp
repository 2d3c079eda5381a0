// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "rules/compile.hpp"

namespace neolia::gateway::media {

/// The key in `vm<unit key>`; empty when it is something else.
[[nodiscard]] std::optional<rules::Key> read_voicemail_user(const std::string& user);

/// The header X-Neolia-Call, `<call id>;caller=<account key>`, that Kamailio adds for the agent.
struct NeoliaCall {
  std::string call_id;
  rules::Key caller = 0;
};
[[nodiscard]] std::optional<NeoliaCall> read_neolia_call(const std::string& header);

}  // namespace neolia::gateway::media

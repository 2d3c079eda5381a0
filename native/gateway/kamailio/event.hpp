// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/state/accepted.hpp"
#include "gateway/state/presence.hpp"
#include "model/json.hpp"

namespace neolia::gateway::kamailio {

/// An event with every field of the API, all null but `type`, `call_id`, `at` (microseconds since the epoch): what an
/// event of the gateway's own begins with.
[[nodiscard]] model::Json blank_event(std::string_view type, std::string_view call_id, std::int64_t at);
/// The same of this moment.
[[nodiscard]] model::Json blank_event(std::string_view type, std::string_view call_id);

/// `caller` of an event; of an account that is gone only the id is left.
[[nodiscard]] model::Json caller_json(const model::Id& id, const model::Account* account);

/// What a row tells about a call: the event, and by what Kamailio finds the call, which is nobody else's business.
struct CallEvent {
  model::Json event;
  std::optional<std::int64_t> cseq;  ///< of the caller's INVITE
  std::string dialog;                ///< `<h_entry>:<h_id>`; empty until it is answered
};

using Row = std::variant<CallEvent, state::Sighting>;

/// One outbox row: keys become ids and names, hex becomes text, what does not apply is null, what is unknown is left
/// out (docs/architecture.md §4). The error says what is malformed.
[[nodiscard]] model::Result<Row> read_row(std::string_view row, const state::Accepted& accepted,
                                          const state::Presence& presence);

}  // namespace neolia::gateway::kamailio

// SPDX-License-Identifier: Apache-2.0
/// Calls as the data plane saw them (docs/architecture.md §4). Throws SQLite::Exception.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/error.hpp"
#include "model/json.hpp"

namespace neolia::store {

class Connection;

/// The oldest events beyond this number are dropped.
inline constexpr std::int64_t kKeptEvents = 100'000;

using NumberedEvent = std::pair<std::int64_t, model::Json>;

/// How far events have been stored.
struct EventCursor {
  std::string stream;
  std::int64_t number = 0;

  bool operator==(const EventCursor&) const = default;
};

/// Form and size of what write_events() stores.
[[nodiscard]] model::Result<void> check_events(std::string_view stream, const std::vector<NumberedEvent>& events);

/// Stores the events whose numbers are above the stream's last one, and the new last one; returns their numbers.
[[nodiscard]] std::vector<std::int64_t> write_events(Connection& connection, const std::string& stream,
                                                     const std::vector<NumberedEvent>& events);

[[nodiscard]] std::optional<EventCursor> read_cursor(Connection& connection);

/// The newest calls first, those below `before` and of `unit_id` only.
[[nodiscard]] model::Json read_calls(Connection& connection, std::size_t limit, std::optional<std::int64_t> before,
                                     const std::optional<std::string>& unit_id);

/// One call as read_calls() lists it; `not_found` when none of its events is kept.
[[nodiscard]] model::Result<model::Json> read_call(Connection& connection, const std::string& call_id);

}  // namespace neolia::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/state/presence.hpp"
#include "model/error.hpp"

namespace SQLite {
class Database;
}

namespace neolia::gateway::state {

/// How far an outbox is copied. `file` tells one outbox file from a later one in its place.
struct OutboxCursor {
  std::int64_t file = 0;
  std::int64_t id = 0;

  bool operator==(const OutboxCursor&) const = default;
};

struct LoggedEvent {
  std::int64_t number = 0;
  std::string event;  ///< JSON
};

/// What goes with events, in one commit.
struct Following {
  std::vector<Sighting> sightings;
  std::map<std::string, std::string> calls;  ///< calls that have not ended, by their id, as JSON; empty: has ended
};

/// The numbered events in gateway.sqlite. One thread; a second object on the same file may read meanwhile.
class EventLog {
 public:
  /// Keeps the newest `max_rows` events.
  [[nodiscard]] static model::Result<EventLog> open(const std::string& path, std::int64_t max_rows);

  EventLog(EventLog&&) noexcept;
  EventLog& operator=(EventLog&&) noexcept;
  ~EventLog();

  [[nodiscard]] const std::string& stream() const { return stream_; }
  [[nodiscard]] std::int64_t last() const { return last_; }
  [[nodiscard]] OutboxCursor cursor() const { return cursor_; }

  /// Numbers the events, unbroken, and moves the cursor, durably or not at all.
  [[nodiscard]] model::Result<std::vector<LoggedEvent>> append(std::vector<std::string> events, OutboxCursor cursor,
                                                               const Following& following = {});

  /// The first `limit` events after `number`, in order.
  [[nodiscard]] model::Result<std::vector<LoggedEvent>> read(std::int64_t number, int limit) const;

  [[nodiscard]] model::Result<std::vector<Absence>> read_absences() const;
  [[nodiscard]] model::Result<std::vector<Device>> read_devices() const;
  /// The calls that have not ended, as they were stored.
  [[nodiscard]] model::Result<std::vector<std::string>> read_calls() const;

 private:
  explicit EventLog(std::unique_ptr<SQLite::Database> database, std::int64_t max_rows);

  std::unique_ptr<SQLite::Database> database_;
  std::int64_t max_rows_;
  std::string stream_;
  std::int64_t last_ = 0;
  OutboxCursor cursor_;
};

}  // namespace neolia::gateway::state

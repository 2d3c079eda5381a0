// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/event_log.hpp"

#include "gateway/state/gateway_schema.hpp"

namespace neolia::gateway::state {
namespace {

constexpr const char* kWhat = "gateway.sqlite";

void insert_events(SQLite::Database& database, const std::vector<LoggedEvent>& events) {
  SQLite::Statement insert(database, "INSERT INTO event (number, event) VALUES (?, ?)");
  for (const auto& [number, event] : events) {
    insert.bind(1, number);
    insert.bindNoCopy(2, event);
    insert.exec();
    insert.reset();
  }
}

void move_cursor(SQLite::Database& database, std::int64_t last, const OutboxCursor& cursor) {
  SQLite::Statement update(database, "UPDATE event_cursor SET last = ?, outbox_file = ?, outbox_id = ?");
  update.bind(1, last);
  update.bind(2, cursor.file);
  update.bind(3, cursor.id);
  update.exec();
}

void trim(SQLite::Database& database, std::int64_t up_to) {
  SQLite::Statement remove(database, "DELETE FROM event WHERE number <= ?");
  remove.bind(1, up_to);
  remove.exec();
}

}  // namespace

model::Result<EventLog> EventLog::open(const std::string& path, std::int64_t max_rows) {
  return guarded(path, [&] { return EventLog(open_gateway(path), max_rows); });
}

EventLog::EventLog(std::unique_ptr<SQLite::Database> database, std::int64_t max_rows)
    : database_(std::move(database)), max_rows_(max_rows) {
  SQLite::Statement query(*database_, "SELECT stream, last, outbox_file, outbox_id FROM event_cursor");
  query.executeStep();
  stream_ = query.getColumn(0).getString();
  last_ = query.getColumn(1).getInt64();
  cursor_ = {query.getColumn(2).getInt64(), query.getColumn(3).getInt64()};
}
EventLog::EventLog(EventLog&&) noexcept = default;
EventLog& EventLog::operator=(EventLog&&) noexcept = default;
EventLog::~EventLog() = default;

model::Result<std::vector<LoggedEvent>> EventLog::append(std::vector<std::string> events, OutboxCursor cursor) {
  return guarded(kWhat, [&] {
    std::vector<LoggedEvent> logged;
    logged.reserve(events.size());
    for (auto& event : events) {
      logged.push_back({last_ + static_cast<std::int64_t>(logged.size()) + 1, std::move(event)});
    }
    const std::int64_t last = last_ + static_cast<std::int64_t>(logged.size());
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    insert_events(*database_, logged);
    move_cursor(*database_, last, cursor);
    trim(*database_, last - max_rows_);
    transaction.commit();
    last_ = last;
    cursor_ = cursor;
    return logged;
  });
}

model::Result<std::vector<LoggedEvent>> EventLog::read(std::int64_t number, int limit) const {
  return guarded(kWhat, [&] {
    std::vector<LoggedEvent> events;
    SQLite::Statement query(*database_, "SELECT number, event FROM event WHERE number > ? ORDER BY number LIMIT ?");
    query.bind(1, number);
    query.bind(2, limit);
    while (query.executeStep()) events.push_back({query.getColumn(0).getInt64(), query.getColumn(1).getString()});
    return events;
  });
}

}  // namespace neolia::gateway::state

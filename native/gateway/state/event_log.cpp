// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/event_log.hpp"

#include "gateway/state/gateway_schema.hpp"

namespace neolia::gateway::state {
namespace {

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

void write_arrival(SQLite::Database& database, const Sighting& sighting) {
  SQLite::Statement insert(database,
                           "INSERT OR REPLACE INTO device (device, username, session, gone) VALUES (?, ?, ?, 0)");
  insert.bind(1, sighting.device);
  insert.bind(2, sighting.username);
  insert.bind(3, sighting.session);
  insert.exec();
}

void write_departure(SQLite::Database& database, const Sighting& sighting) {
  SQLite::Statement update(database, "UPDATE device SET gone = ? WHERE device = ?");
  update.bind(1, sighting.at);
  update.bind(2, sighting.device);
  update.exec();
  SQLite::Statement forget(database, "DELETE FROM device WHERE gone <> 0 AND (session = '' OR gone < ?)");
  forget.bind(1, sighting.at - kRememberDevice);
  forget.exec();
}

void write_sighting(SQLite::Database& database, const Sighting& sighting) {
  SQLite::Statement presence(database, "INSERT OR REPLACE INTO presence (username, since) VALUES (?, ?)");
  presence.bind(1, sighting.username);
  if (!sighting.registered && sighting.left == 0) presence.bind(2, sighting.at);
  presence.exec();
  sighting.registered ? write_arrival(database, sighting) : write_departure(database, sighting);
}

void write_sightings(SQLite::Database& database, const std::vector<Sighting>& sightings) {
  for (const auto& sighting : sightings) write_sighting(database, sighting);
}

void write_calls(SQLite::Database& database, const std::map<std::string, std::string>& calls) {
  SQLite::Statement remove(database, "DELETE FROM call WHERE call_id = ?");
  SQLite::Statement insert(database, "INSERT OR REPLACE INTO call (call_id, call) VALUES (?, ?)");
  for (const auto& [call_id, call] : calls) {
    auto& statement = call.empty() ? remove : insert;
    statement.bindNoCopy(1, call_id);
    if (!call.empty()) statement.bindNoCopy(2, call);
    statement.exec();
    statement.reset();
  }
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

model::Result<std::vector<LoggedEvent>> EventLog::append(std::vector<std::string> events, OutboxCursor cursor,
                                                         const Following& following) {
  return guarded(kGatewayDatabase, [&] {
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
    write_sightings(*database_, following.sightings);
    write_calls(*database_, following.calls);
    transaction.commit();
    last_ = last;
    cursor_ = cursor;
    return logged;
  });
}

model::Result<std::vector<LoggedEvent>> EventLog::read(std::int64_t number, int limit) const {
  return guarded(kGatewayDatabase, [&] {
    std::vector<LoggedEvent> events;
    SQLite::Statement query(*database_, "SELECT number, event FROM event WHERE number > ? ORDER BY number LIMIT ?");
    query.bind(1, number);
    query.bind(2, limit);
    while (query.executeStep()) events.push_back({query.getColumn(0).getInt64(), query.getColumn(1).getString()});
    return events;
  });
}

model::Result<std::vector<Absence>> EventLog::read_absences() const {
  return guarded(kGatewayDatabase, [&] {
    std::vector<Absence> absences;
    SQLite::Statement query(*database_, "SELECT username, since FROM presence");
    while (query.executeStep()) {
      const auto since = query.getColumn(1);
      absences.push_back(
          {query.getColumn(0).getString(), since.isNull() ? std::nullopt : std::optional(since.getInt64())});
    }
    return absences;
  });
}

model::Result<std::vector<Device>> EventLog::read_devices() const {
  return guarded(kGatewayDatabase, [&] {
    std::vector<Device> devices;
    SQLite::Statement query(*database_, "SELECT device, username, session, gone FROM device");
    while (query.executeStep()) {
      devices.push_back({query.getColumn(0).getString(), query.getColumn(1).getString(), query.getColumn(2).getString(),
                         query.getColumn(3).getInt64()});
    }
    return devices;
  });
}

model::Result<std::vector<std::string>> EventLog::read_calls() const {
  return guarded(kGatewayDatabase, [&] {
    std::vector<std::string> calls;
    SQLite::Statement query(*database_, "SELECT call FROM call ORDER BY call_id");
    while (query.executeStep()) calls.push_back(query.getColumn(0).getString());
    return calls;
  });
}

}  // namespace neolia::gateway::state

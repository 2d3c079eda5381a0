// SPDX-License-Identifier: Apache-2.0
#include "store/events.hpp"

#include "model/fields.hpp"
#include "model/text.hpp"
#include "store/connection.hpp"
#include "store/refusal.hpp"

namespace neolia::store {
namespace {

using model::FieldCode;
using model::Json;
using model::Place;

constexpr std::size_t kMaxStreamLength = 64;
constexpr std::size_t kMaxEvents = 10'000;
constexpr std::size_t kMaxEventBytes = 64 * 1024;
constexpr std::size_t kMaxTextLength = 128;

bool is_short_text(std::string_view text, std::size_t limit) {
  return !text.empty() && text.size() <= limit && model::count_printable(text).has_value();
}

void check_text(const Json& event, const char* name, const Place& place) {
  const auto value = event.find(name);
  if (value == event.end()) return place.field(name).refuse(FieldCode::required, "Must be given.");
  const auto* text = value->get_ptr<const std::string*>();
  if (text == nullptr) return place.field(name).refuse(FieldCode::type, "Must be text.");
  if (!is_short_text(*text, kMaxTextLength)) {
    place.field(name).refuse(FieldCode::format, "Must be 1 to 128 characters without control characters.");
  }
}

void check_event(const NumberedEvent& event, const Place& place) {
  if (event.first < 1) place.refuse(FieldCode::range, "Numbers of events start at 1.");
  if (!model::is_object(event.second, place)) return;
  for (const char* name : {"type", "call_id", "at"}) check_text(event.second, name, place);
  if (event.second.dump().size() > kMaxEventBytes) place.refuse(FieldCode::length, "Must be at most 64 KiB of JSON.");
}

/// Stored beside the event so that calls of a unit are found; NULL when there is none.
std::optional<std::string> unit_of(const Json& event) {
  const auto unit = event.find("unit_id");
  if (unit == event.end() || !unit->is_string()) return std::nullopt;
  return unit->get<std::string>();
}

void write_event(Connection& connection, const Json& event) {
  const auto call = event.at("call_id").get<std::string>();
  Query query = connection.query(
      "INSERT INTO events (call_id, is_first, event, unit_id) "
      "VALUES (?1, NOT EXISTS (SELECT 1 FROM events WHERE call_id = ?1), ?2, ?3)",
      call, event.dump());
  const auto unit = unit_of(event);
  if (unit) query.statement().bind(3, *unit);
  if (!unit) query.statement().bind(3);
  query.step();
}

std::int64_t last_number(Connection& connection, const std::string& stream) {
  Query query = connection.query("SELECT last_number FROM event_streams WHERE stream = ?", stream);
  return query.step() ? query.column(0).getInt64() : 0;
}

void write_cursor(Connection& connection, const std::string& stream, std::int64_t number) {
  connection.run(
      "INSERT INTO event_streams (stream, last_number, last_sequence) "
      "VALUES (?, ?, (SELECT max(sequence) FROM events)) ON CONFLICT (stream) DO UPDATE SET "
      "last_number = excluded.last_number, last_sequence = excluded.last_sequence",
      stream, number);
}

void trim(Connection& connection) {
  connection.run("DELETE FROM events WHERE sequence <= (SELECT max(sequence) FROM events) - ?", kKeptEvents);
}

}  // namespace

model::Result<void> check_events(std::string_view stream, const std::vector<NumberedEvent>& events) {
  std::vector<model::FieldError> errors;
  const Place root("", errors);
  if (!is_short_text(stream, kMaxStreamLength)) {
    root.field("stream").refuse(FieldCode::format, "Must be 1 to 64 characters without control characters.");
  }
  const Place list = root.field("events");
  if (events.size() > kMaxEvents) list.refuse(FieldCode::too_many, "At most 10000 events at once.");
  for (std::size_t i = 0; i < events.size() && errors.empty(); ++i) check_event(events[i], list.item(i));
  if (!errors.empty()) return tl::unexpected(refusal(std::move(errors)));
  return {};
}

std::vector<std::int64_t> write_events(Connection& connection, const std::string& stream,
                                       const std::vector<NumberedEvent>& events) {
  std::vector<std::int64_t> written;
  std::int64_t last = last_number(connection, stream);
  for (const auto& [number, event] : events) {
    if (number <= last) continue;
    write_event(connection, event);
    written.push_back(last = number);
  }
  if (!written.empty()) write_cursor(connection, stream, last);
  trim(connection);
  return written;
}

std::optional<EventCursor> read_cursor(Connection& connection) {
  Query query = connection.query("SELECT stream, last_number FROM event_streams ORDER BY last_sequence DESC LIMIT 1");
  if (!query.step()) return std::nullopt;
  return EventCursor{query.column(0).getString(), query.column(1).getInt64()};
}

}  // namespace neolia::store

// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "store/connection.hpp"
#include "store/events.hpp"

namespace neolia::store {
namespace {

using model::Json;

/// Told once, by the event that begins the call.
constexpr std::array kBeginning{"caller", "dialled", "site_id", "building_id", "unit_id", "steps", "account_id"};
/// Told by the event that decides the call: the last one counts.
constexpr std::array kOutcome{"by", "code", "reason"};

using Call = std::pair<std::int64_t, std::string>;

std::vector<Call> find_calls(Connection& connection, std::size_t limit, std::int64_t before,
                             const std::optional<std::string>& unit_id) {
  const std::string sql = std::string("SELECT sequence, call_id FROM events WHERE is_first AND sequence < ? ") +
                          (unit_id ? "AND unit_id = ?3 " : "") + "ORDER BY sequence DESC LIMIT ?2";
  Query query = connection.query(sql, before, static_cast<std::int64_t>(limit));
  if (unit_id) query.statement().bind(3, *unit_id);
  std::vector<Call> calls;
  while (query.step()) calls.emplace_back(query.column(0).getInt64(), query.column(1).getString());
  return calls;
}

Json read_events(Connection& connection, const std::string& call_id) {
  Json events = Json::array();
  Query query = connection.query("SELECT event FROM events WHERE call_id = ? ORDER BY sequence", call_id);
  while (query.step()) {
    Json event = Json::parse(query.column(0).getText(), nullptr, false);
    if (event.is_object() && event.contains("type")) events.push_back(std::move(event));
  }
  return events;
}

void take(const Json& event, const char* name, Json& call) {
  const auto value = event.find(name);
  if (value != event.end() && !value->is_null()) call[name] = *value;
}

Json to_call(const Call& row, Json events) {
  Json call{{"sequence", row.first}, {"call_id", row.second}, {"at", nullptr}, {"status", nullptr}};
  for (const char* name : kBeginning) call[name] = nullptr;
  for (const char* name : kOutcome) call[name] = nullptr;
  for (const Json& event : events) {
    if (call["at"].is_null()) take(event, "at", call);
    call["status"] = event.at("type");
    for (const char* name : kBeginning) {
      if (call[name].is_null()) take(event, name, call);
    }
    if (event.at("type") == "ringing") continue;
    for (const char* name : kOutcome) take(event, name, call);
  }
  if (call["steps"].is_null()) call["steps"] = Json::array();
  call["events"] = std::move(events);
  return call;
}

}  // namespace

Json read_calls(Connection& connection, std::size_t limit, std::optional<std::int64_t> before,
                const std::optional<std::string>& unit_id) {
  Json calls = Json::array();
  for (const Call& call : find_calls(connection, limit, before.value_or(INT64_MAX), unit_id)) {
    calls.push_back(to_call(call, read_events(connection, call.second)));
  }
  return calls;
}

}  // namespace neolia::store

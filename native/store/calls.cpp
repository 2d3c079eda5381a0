// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/moment.hpp"
#include "store/connection.hpp"
#include "store/events.hpp"
#include "store/refusal.hpp"

namespace neolia::store {
namespace {

using model::Json;

/// Told once, by the event that begins the call.
constexpr std::array kBeginning{"at",      "caller", "dialled",    "site_id",    "building_id",
                                "unit_id", "steps",  "account_id", "session_id", "test"};
/// Told by the events that decide the call: the last one counts.
constexpr std::array kOutcome{"by", "code", "reason"};
/// Told by one event, whenever it comes.
constexpr std::array kFound{"packets", "message_id"};
/// Worked out from several events.
constexpr std::array kDerived{"status", "answered_at", "answered_by", "ended_at", "seconds"};

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

void take(const Json& event, const char* name, Json& value) {
  const auto found = event.find(name);
  if (found != event.end() && !found->is_null()) value = *found;
}

/// How far an event of this type brings a call: 1 and 2 before, 3 with the answer, 4 with the end; 0 not at all.
int stage_of(const Json& type) {
  constexpr std::array<std::pair<std::string_view, int>, 7> kStages{
      {{"incoming", 1}, {"ringing", 2}, {"answered", 3}, {"declined", 4}, {"missed", 4}, {"ended", 4}, {"denied", 4}}};
  const auto* const found = std::ranges::find_if(kStages, [&](const auto& stage) { return type == stage.first; });
  return found == kStages.end() ? 0 : found->second;
}

/// A call never goes back: the 180 of one device may be told after the 200 of another.
void move_on(const Json& event, int& stage, Json& call) {
  const int reached = stage_of(event.at("type"));
  if (reached > stage) {
    call["status"] = event.at("type");
    stage = reached;
  }
  if (reached < 3) return;
  for (const char* name : kOutcome) take(event, name, call[name]);
  if (reached == 3) take(event, "by", call["answered_by"]);
  take(event, "at", call[reached == 3 ? "answered_at" : "ended_at"]);
}

std::optional<rules::Moment> moment_of(const Json& text) {
  return text.is_string() ? rules::parse_moment(text.get<std::string>()) : std::nullopt;
}

Json seconds_between(const Json& from, const Json& to) {
  const auto begin = moment_of(from);
  const auto end = moment_of(to);
  if (!begin || !end || *end < *begin) return nullptr;
  return std::chrono::duration<double>(*end - *begin).count();
}

Json to_call(std::int64_t sequence, const std::string& call_id, Json events) {
  Json call{{"sequence", sequence}, {"call_id", call_id}};
  for (const char* name : kBeginning) call[name] = nullptr;
  for (const char* name : kOutcome) call[name] = nullptr;
  for (const char* name : kFound) call[name] = nullptr;
  for (const char* name : kDerived) call[name] = nullptr;
  int stage = 0;
  for (const Json& event : events) {
    for (const char* name : kBeginning) {
      if (call[name].is_null()) take(event, name, call[name]);
    }
    for (const char* name : kFound) take(event, name, call[name]);
    move_on(event, stage, call);
  }
  if (call["steps"].is_null()) call["steps"] = Json::array();
  call["test"] = call["test"] == true;
  call["seconds"] = seconds_between(call["answered_at"], call["ended_at"]);
  call["events"] = std::move(events);
  return call;
}

}  // namespace

Json read_calls(Connection& connection, std::size_t limit, std::optional<std::int64_t> before,
                const std::optional<std::string>& unit_id) {
  Json calls = Json::array();
  for (const auto& [sequence, call_id] : find_calls(connection, limit, before.value_or(INT64_MAX), unit_id)) {
    calls.push_back(to_call(sequence, call_id, read_events(connection, call_id)));
  }
  return calls;
}

model::Result<Json> read_call(Connection& connection, const std::string& call_id) {
  Query query = connection.query("SELECT min(sequence) FROM events WHERE call_id = ?", call_id);
  query.step();
  if (query.column(0).isNull()) return tl::unexpected(not_found("call"));
  return to_call(query.column(0).getInt64(), call_id, read_events(connection, call_id));
}

}  // namespace neolia::store

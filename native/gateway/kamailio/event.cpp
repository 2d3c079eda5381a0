// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/event.hpp"

#include <date/date.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/split.hpp>
#include <chrono>

#include "gateway/kamailio/event_steps.hpp"
#include "gateway/kamailio/row_fields.hpp"
#include "gateway/state/outbox.hpp"
#include "gateway/state/session_names.hpp"
#include "model/names.hpp"

namespace neolia::gateway::kamailio {
namespace {

using model::Json;

constexpr std::size_t kMaxRow = state::Outbox::kMaxEvent;
constexpr std::string_view kCallIdMarks = ".-";
constexpr std::string_view kDeviceMarks = ".-_:@";
constexpr std::array<std::string_view, 10> kTypes{"incoming", "step",     "ringing", "joined", "refused",
                                                  "answered", "declined", "missed",  "ended",  "denied"};
/// Of the API, besides type, call_id, at, caller.
constexpr std::array<const char*, 19> kFields{"dialled", "site_id", "building_id", "unit_id",    "account_id",
                                              "by",      "code",    "reason",      "steps",      "step",
                                              "away",    "device",  "sip_call_id", "session_id", "test",
                                              "packets", "seconds", "video",       "message_id"};

std::string format_time(std::int64_t at) {
  return date::format("%FT%TZ", date::sys_time<std::chrono::microseconds>(std::chrono::microseconds(at)));
}

std::string type_of(const Json& row) {
  auto type = text_of(row, "type");
  if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end()) throw Malformed{"type is unknown: " + type};
  return type;
}

Json id_of(const auto* object) { return object == nullptr ? Json(nullptr) : Json(object->id); }

Json blank_caller() { return {{"account_id", nullptr}, {"username", nullptr}, {"kind", nullptr}, {"name", nullptr}}; }

/// The called, or for a number that nobody has, where the caller is.
void add_place(Json& event, const rules::Facts& facts, const model::Account* caller, const model::Id& unit_id,
               const model::Account* account) {
  const auto* unit = facts.unit(unit_id);
  const auto owner = unit != nullptr      ? model::Owner{model::OwnerType::unit, unit->id}
                     : account != nullptr ? account->owner
                                          : model::Owner{};
  if (const auto* building = owner.id.empty() ? nullptr : facts.building_of(owner)) event["building_id"] = building->id;
  const auto* site = !owner.id.empty()   ? facts.site_of(owner)
                     : caller != nullptr ? facts.site_of(caller->owner)
                                         : nullptr;
  event["site_id"] = id_of(site);
}

void add_objects(Json& event, const Json& row, const state::Picture* picture, const state::Keys& keys) {
  const auto caller_id = keys.id_of(number_of(row, "caller"));
  const auto unit_id = keys.id_of(number_of(row, "unit"));
  const auto account_id = keys.id_of(number_of(row, "account"));
  static const rules::Facts kNothing;
  const auto& facts = picture != nullptr ? picture->compiler.facts() : kNothing;
  const auto* caller = facts.account(caller_id);
  event["caller"] = caller_json(caller_id, caller);
  event["unit_id"] = id_or_null(unit_id);
  event["account_id"] = id_or_null(account_id);
  add_place(event, facts, caller, unit_id, facts.account(account_id));
  if (!row.contains("steps")) return;
  auto steps = read_steps(text_of(row, "steps"), keys);
  if (!steps) throw Malformed{"steps are malformed"};
  event["steps"] = std::move(*steps);
}

Json session_id_or_null(const Json& row) { return id_or_null(state::session_id_of(session_of(row))); }

/// Usernames separated by one space, each with the moment since when it is away.
Json away_or_null(const Json& row, const state::Presence& presence) {
  if (!row.contains("away")) return nullptr;
  std::vector<std::string> usernames;
  const auto text = text_of(row, "away");
  boost::algorithm::split(usernames, text, [](char c) { return c == ' '; });
  Json away = Json::array();
  for (const auto& username : usernames) {
    if (username.empty()) continue;
    const auto since = presence.absent_since(username);
    away.push_back({{"username", username}, {"since", since ? Json(format_time(*since)) : Json()}});
  }
  return away;
}

/// Whether it is a test is told where the call begins.
Json test_or_null(const Json& row, const std::string& type) {
  if (type != "incoming" && type != "denied") return nullptr;
  return row.contains("test") && number_of(row, "test") != 0;
}

/// Empty for who is no account: the agent, a SIP URI.
Json device_or_null(const Json& row) {
  if (!row.contains("device") || text_of(row, "device").empty()) return nullptr;
  return word_of(row, "device", kDeviceMarks);
}

Json make_event(const Json& row, const state::Accepted& accepted, const state::Presence& presence) {
  const auto type = type_of(row);
  Json event = blank_event(type, word_of(row, "call", kCallIdMarks), time_of(row));
  for (const char* field : {"by", "reason"}) event[field] = text_or_null(row, field);
  for (const char* field : {"code", "step", "packets"}) event[field] = number_or_null(row, field);
  event["dialled"] = decoded_or_null(row, "dialled_hex");
  event["sip_call_id"] = decoded_or_null(row, "sip_call_id_hex");
  event["session_id"] = session_id_or_null(row);
  event["test"] = test_or_null(row, type);
  event["device"] = device_or_null(row);
  event["away"] = away_or_null(row, presence);
  accepted.read(
      [&](const state::Picture* picture, const state::Keys& keys) { add_objects(event, row, picture, keys); });
  return event;
}

CallEvent make_call_event(const Json& row, const state::Accepted& accepted, const state::Presence& presence) {
  CallEvent event{make_event(row, accepted, presence), std::nullopt, {}};
  if (row.contains("cseq")) event.cseq = number_of(row, "cseq");
  if (row.contains("dialog")) event.dialog = word_of(row, "dialog", ":");
  return event;
}

state::Sighting make_sighting(const Json& row, bool registered) {
  return {registered,   text_of(row, "username"), word_of(row, "device", kDeviceMarks), session_of(row),
          time_of(row), number_of(row, "left")};
}

Row make_row(const Json& row, const state::Accepted& accepted, const state::Presence& presence) {
  const auto type = text_of(row, "type");
  if (type == "registered" || type == "unregistered") return make_sighting(row, type == "registered");
  return make_call_event(row, accepted, presence);
}

tl::unexpected<model::Error> malformed(std::string why) {
  return tl::unexpected(model::Error{model::ErrorCode::invalid, std::move(why), {}});
}

}  // namespace

Json caller_json(const model::Id& id, const model::Account* account) {
  Json caller = blank_caller();
  caller["account_id"] = id_or_null(id);
  if (account == nullptr) return caller;
  caller["username"] = account->username;
  caller["kind"] = model::to_string(account->kind);
  caller["name"] = account->name;
  return caller;
}

Json blank_event(std::string_view type, std::string_view call_id, std::int64_t at) {
  Json event = {{"type", type}, {"call_id", call_id}, {"at", format_time(at)}, {"caller", blank_caller()}};
  for (const char* field : kFields) event[field] = nullptr;
  return event;
}

Json blank_event(std::string_view type, std::string_view call_id) {
  using std::chrono::system_clock;
  const auto now = std::chrono::floor<std::chrono::microseconds>(system_clock::now());
  return blank_event(type, call_id, now.time_since_epoch().count());
}

model::Result<Row> read_row(std::string_view row, const state::Accepted& accepted, const state::Presence& presence) {
  if (row.size() > kMaxRow) return malformed("the row is longer than 24 KiB");
  const Json json = model::parse_json(row);
  if (!json.is_object()) return malformed("the row is not a JSON object");
  try {
    return make_row(json, accepted, presence);
  } catch (const Malformed& error) {
    return malformed(error.text);
  }
}

}  // namespace neolia::gateway::kamailio

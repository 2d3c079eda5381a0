// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/event.hpp"

#include <date/date.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/hex.hpp>
#include <chrono>
#include <iterator>

#include "gateway/kamailio/event_steps.hpp"
#include "gateway/state/outbox.hpp"
#include "model/names.hpp"

namespace neolia::gateway::kamailio {
namespace {

using model::Json;

constexpr std::size_t kMaxRow = state::Outbox::kMaxEvent;
constexpr std::array<std::string_view, 7> kTypes{"incoming", "ringing", "answered", "declined",
                                                 "missed",   "ended",   "denied"};

/// Throws Malformed for what a row must not be; never leaves this file.
struct Malformed {
  std::string text;
};

std::string text_of(const Json& row, const char* field) {
  const auto found = row.find(field);
  if (found == row.end() || !found->is_string()) throw Malformed{std::string(field) + " must be a text"};
  return found->get<std::string>();
}

std::int64_t number_of(const Json& row, const char* field) {
  const auto found = row.find(field);
  if (found == row.end() || !found->is_number_integer())
    throw Malformed{std::string(field) + " must be a whole number"};
  return found->get<std::int64_t>();
}

Json text_or_null(const Json& row, const char* field) {
  return row.contains(field) ? Json(text_of(row, field)) : Json();
}

/// Bytes that are no UTF-8 are replaced when the event is written.
Json decoded_or_null(const Json& row, const char* field) {
  if (!row.contains(field)) return nullptr;
  std::string bytes;
  try {
    boost::algorithm::unhex(text_of(row, field), std::back_inserter(bytes));
  } catch (const boost::algorithm::hex_decode_error&) {
    throw Malformed{std::string(field) + " must be hex"};
  }
  return bytes;
}

std::string type_of(const Json& row) {
  auto type = text_of(row, "type");
  if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end()) throw Malformed{"type is unknown: " + type};
  return type;
}

std::string call_id_of(const Json& row) {
  auto call = text_of(row, "call");
  const auto allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '-'; };
  if (call.empty() || call.size() > 64 || !std::all_of(call.begin(), call.end(), allowed)) {
    throw Malformed{"call is not an id of a call"};
  }
  return call;
}

std::string time_of(const Json& row) {
  const auto at = number_of(row, "at");
  constexpr std::int64_t kYear3000 = 32503680000000000;
  if (at < 0 || at > kYear3000) throw Malformed{"at is out of range"};
  return date::format("%FT%TZ", date::sys_time<std::chrono::microseconds>(std::chrono::microseconds(at)));
}

Json id_or_null(const model::Id& id) { return id.empty() ? Json(nullptr) : Json(id); }
Json id_of(const auto* object) { return object == nullptr ? Json(nullptr) : Json(object->id); }

Json caller_json(const model::Id& id, const model::Account* account) {
  Json caller = {{"account_id", id_or_null(id)}, {"username", nullptr}, {"kind", nullptr}, {"name", nullptr}};
  if (account == nullptr) return caller;
  caller["username"] = account->username;
  caller["kind"] = model::to_string(account->kind);
  caller["name"] = account->name;
  return caller;
}

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

Json make_event(const Json& row, const state::Accepted& accepted) {
  Json event = {{"type", type_of(row)},
                {"call_id", call_id_of(row)},
                {"at", time_of(row)},
                {"dialled", decoded_or_null(row, "dialled_hex")},
                {"site_id", nullptr},
                {"building_id", nullptr},
                {"by", text_or_null(row, "by")},
                {"code", row.contains("code") ? Json(number_of(row, "code")) : Json()},
                {"reason", text_or_null(row, "reason")},
                {"steps", nullptr},
                {"sip_call_id", decoded_or_null(row, "sip_call_id_hex")}};
  accepted.read(
      [&](const state::Picture* picture, const state::Keys& keys) { add_objects(event, row, picture, keys); });
  return event;
}

tl::unexpected<model::Error> malformed(std::string why) {
  return tl::unexpected(model::Error{model::ErrorCode::invalid, std::move(why), {}});
}

}  // namespace

model::Result<Json> read_event(std::string_view row, const state::Accepted& accepted) {
  if (row.size() > kMaxRow) return malformed("the row is longer than 24 KiB");
  const Json json = Json::parse(row, nullptr, false);
  if (!json.is_object()) return malformed("the row is not a JSON object");
  try {
    return make_event(json, accepted);
  } catch (const Malformed& error) {
    return malformed(error.text);
  }
}

}  // namespace neolia::gateway::kamailio

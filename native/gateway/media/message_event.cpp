// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/message_event.hpp"

#include "gateway/kamailio/event.hpp"

namespace neolia::gateway::media {
namespace {

using model::Json;

void add_place(Json& event, const rules::Facts& facts, const model::Id& unit_id) {
  const auto* unit = facts.unit(unit_id);
  if (unit == nullptr) return;
  const model::Owner owner{model::OwnerType::unit, unit->id};
  event["building_id"] = unit->building_id;
  if (const auto* site = facts.site_of(owner)) event["site_id"] = site->id;
}

}  // namespace

Json make_event(const state::Message& message, const state::Accepted& accepted) {
  Json event = kamailio::blank_event("message", message.call_id);
  event["caller"] = Json::parse(message.caller, nullptr, false);
  event["unit_id"] = message.unit_id;
  event["message_id"] = message.message_id;
  event["seconds"] = message.seconds;
  event["video"] = message.video;
  accepted.read([&](const state::Picture* picture, const state::Keys&) {
    if (picture != nullptr) add_place(event, picture->compiler.facts(), message.unit_id);
  });
  return event;
}

}  // namespace neolia::gateway::media

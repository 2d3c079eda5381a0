// SPDX-License-Identifier: Apache-2.0
/// The calls play in the estate of the rules' tests, on a Sunday evening.
#pragma once

#include <gmock/gmock.h>

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "explain/explain.hpp"
#include "rules/estate.hpp"

namespace neolia::explain {

using model::Json;

/// "2026-11-22T20:00:12.500000Z" for 12.5.
inline std::string at(double seconds) {
  const int micro = static_cast<int>(seconds * 1'000'000);
  char text[32];
  std::snprintf(text, sizeof text, "2026-11-22T20:%02d:%02d.%06dZ", micro / 60'000'000, micro / 1'000'000 % 60,
                micro % 1'000'000);
  return text;
}

struct Event {
  double seconds;
  const char* type;
  std::string fields = "{}";
};

inline Json to_json(const Event& event) {
  Json json = Json::parse(event.fields);
  json["type"] = event.type;
  json["at"] = at(event.seconds);
  return json;
}

/// What the store makes of events, as far as it is asked for here.
inline Json to_call(const std::vector<Event>& events) {
  Json call{{"call_id", "c"}, {"at", nullptr}, {"events", Json::array()}};
  for (const Event& event : events) {
    const Json json = to_json(event);
    const std::string type = event.type;
    if (call["at"].is_null()) call["at"] = json["at"];
    if (type == "incoming") call["steps"] = json.value("steps", Json::array());
    for (const char* name : {"site_id", "unit_id", "message_id"}) {
      if (json.contains(name)) call[name] = json[name];
    }
    if (type == "answered") call.update({{"answered_at", json["at"]}, {"answered_by", json.value("by", Json())}});
    if (type != "step" && type != "joined" && type != "refused" && type != "message") call["status"] = type;
    call["events"].push_back(json);
  }
  return call;
}

/// Unit 101 of building A has rules 1 (on), 2 (off) and 3 (Monday mornings); the site sends doors to voicemail.
inline rules::Facts home(const rules::Tweak& tweak = {}) {
  using rules::find;
  const auto of_a1 = [](int position) {
    return rules::rule(rules::of_unit("a1"), position, "@door", model::RingAll{});
  };
  model::Rule off = of_a1(2);
  off.enabled = false;
  model::Rule mornings = of_a1(3);
  mornings.schedule = model::Schedule{{model::Window{{model::Day::mon}, 480, 720}}};
  const auto mail = rules::rule(rules::of_site("home"), 1, "@door", model::Voicemail{});
  const auto inside = rules::rule(rules::of_unit("a2"), 1, "@unit", model::RingAll{});
  return rules::make_facts({of_a1(1), off, mornings, inside, mail}, [&](model::Objects& all) {
    find(all.accounts, "gate").name = "Front gate";
    find(all.accounts, "hall").name = "Hall panel";
    find(all.accounts, "kitchen").name = "Kitchen panel";
    if (tweak) tweak(all);
  });
}

inline const std::string kRing =
    R"({"rule_id": "a1.1", "action": "ring", "ring_seconds": 30, "usernames": ["hall", "kitchen"]})";
inline const std::string kVoicemail = R"({"rule_id": "home.1", "action": "voicemail"})";

/// The gate calls unit 101 of building A.
inline std::string gate_calls(const std::string& steps, const std::string& more = "{}") {
  Json fields =
      Json::parse(R"({"caller": {"account_id": "gate", "username": "gate", "name": "Gate then"}, "dialled": "A101",
                                "site_id": "home", "building_id": "ba", "unit_id": "a1", "account_id": null})");
  if (!steps.empty()) fields["steps"] = Json::parse("[" + steps + "]");
  fields.update(Json::parse(more));
  return fields.dump();
}

/// "code: text" of every sentence.
inline std::vector<std::string> lines(const Json& explanation) {
  std::vector<std::string> lines;
  for (const Json& sentence : explanation.at("sentences")) {
    lines.push_back(sentence.at("code").get<std::string>() + ": " + sentence.at("text").get<std::string>());
    EXPECT_TRUE(sentence.at("parameters").is_object());
  }
  return lines;
}

}  // namespace neolia::explain

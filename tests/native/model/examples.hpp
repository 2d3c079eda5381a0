// SPDX-License-Identifier: Apache-2.0
/// A good object of every noun in JSON, and readers that work by the noun's name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/json.hpp"

namespace neolia::model {

inline constexpr const char* kExampleId = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

/// By the noun's name ("site"), or "account_with_credentials", "directory".
[[nodiscard]] inline Json example(std::string_view noun) {
  static const Json kExamples = Json::parse(R"({
    "site": {"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "name": "Home", "time_zone": "Europe/Paris", "domain": "192.168.1.2",
             "allowed_domains": ["pbx.example.org"]},
    "building": {"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "site_id": "01ARZ3NDEKTSV4RRFFQ69G5FA0", "name": "Main", "code": "A"},
    "unit": {"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "building_id": "01ARZ3NDEKTSV4RRFFQ69G5FA0", "name": "Left", "number": "401",
             "do_not_disturb": true},
    "account": {"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "owner": {"type": "unit", "id": "01ARZ3NDEKTSV4RRFFQ69G5FA0"},
                "kind": "panel", "username": "hall", "name": "Hall", "enabled": false},
    "door": {"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "account_id": "01ARZ3NDEKTSV4RRFFQ69G5FA0", "name": "Gate",
             "method": "dtmf", "dtmf_code": "#1", "http_url": null, "ha_action": null, "ha_entity_id": null},
    "rule": {"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "owner": {"type": "site", "id": "01ARZ3NDEKTSV4RRFFQ69G5FA0"},
             "position": 3, "enabled": false, "source_pattern": "@door",
             "schedule": {"windows": [{"days": ["mon", "sun"], "from": "22:00", "to": "06:30"}]},
             "action": "ring", "target": {"type": "all"}, "ring_seconds": 45, "on_decline": "continue"},
    "directory": {"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "name": "Ours", "realm": "sip.example.org"}
  })");
  if (noun != "account_with_credentials") return kExamples.at(noun);
  Json account = kExamples.at("account");
  account["ha1_md5"] = std::string(32, 'a');
  account["ha1_sha256"] = std::string(64, '0');
  return account;
}

/// An object of a noun: read on top of what it was, and written again.
struct Outcome {
  Json written;
  std::vector<FieldError> errors;
};

template <typename Object>
[[nodiscard]] Outcome read_twice(const Json& before, const Json& fields) {
  Object object;
  Outcome outcome;
  if (!before.is_null()) read_fields(before, object, "", outcome.errors);
  read_fields(fields, object, "", outcome.errors);
  outcome.written = to_json(object);
  return outcome;
}

[[nodiscard]] inline Outcome read_account_with_credentials(const Json& fields) {
  Account account;
  Outcome outcome;
  read_fields_with_credentials(fields, account, "", outcome.errors);
  outcome.written = to_json_with_credentials(account);
  return outcome;
}

/// Reads `fields` on top of a new object, or of one read from `before`.
[[nodiscard]] inline Outcome read_noun(std::string_view noun, const Json& fields, const Json& before = nullptr) {
  if (noun == "account_with_credentials") return read_account_with_credentials(fields);
  if (noun == "directory") return read_twice<DirectoryInfo>(before, fields);
  Outcome outcome;
  for_each_noun([&](const auto& each) {
    if (noun == each.name) outcome = read_twice<typename std::decay_t<decltype(each)>::Object>(before, fields);
  });
  return outcome;
}

/// `{"type owner.id", …}`, sorted.
[[nodiscard]] inline std::vector<std::string> codes_and_paths(const std::vector<FieldError>& errors) {
  std::vector<std::string> texts;
  for (const FieldError& error : errors) texts.push_back(std::string(to_string(error.code)) + " " + error.path);
  std::ranges::sort(texts);
  return texts;
}

}  // namespace neolia::model

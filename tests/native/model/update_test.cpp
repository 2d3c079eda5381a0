// SPDX-License-Identifier: Apache-2.0
/// Defaults of new objects, and fields given on top of what is there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/examples.hpp"
#include "model/rows.hpp"

namespace neolia::model {
namespace {

struct Row {
  const char* name;
  const char* noun;
  const char* before;  ///< fields of the good object that differ; "new" for none at all
  const char* fields;
  const char* expected;  ///< some of what is written in the end
};

class Update : public testing::TestWithParam<Row> {};

TEST_P(Update, LeavesWhatWasNotGiven) {
  const auto& [name, noun, before_text, fields_text, expected_text] = GetParam();
  Json before;
  if (std::string_view(before_text) != "new") {
    before = example(noun);
    before.update(Json::parse(before_text));
  }
  const Outcome outcome = read_noun(noun, Json::parse(fields_text), before);
  EXPECT_THAT(codes_and_paths(outcome.errors), testing::IsEmpty());
  Json expected = before.is_null() ? outcome.written : before;
  expected.update(Json::parse(expected_text));
  EXPECT_EQ(outcome.written, expected);
}

constexpr const char* kNewUnit = R"({"building_id": "01ARZ3NDEKTSV4RRFFQ69G5FA0", "number": "12-B"})";
constexpr const char* kNewAccount =
    R"({"owner": {"type": "unit", "id": "01ARZ3NDEKTSV4RRFFQ69G5FA0"}, "kind": "mobile", "username": "anna"})";
constexpr const char* kNewRule =
    R"({"owner": {"type": "unit", "id": "01ARZ3NDEKTSV4RRFFQ69G5FA0"}, "position": 1, "source_pattern": " @site ", "action": "ring"})";

INSTANTIATE_TEST_SUITE_P(
    Defaults, Update,
    testing::Values(Row{"unit", "unit", "new", kNewUnit, R"({"name": "12-B", "do_not_disturb": false, "id": ""})"},
                    Row{"account", "account", "new", kNewAccount, R"({"name": "anna", "enabled": true})"},
                    Row{"rule", "rule", "new", kNewRule,
                        R"({"enabled": true, "schedule": null, "target": {"type": "all"}, "ring_seconds": 30,
                            "on_decline": "stop", "source_pattern": "@site"})"},
                    Row{"site", "site", "new", R"({"name": " Home ", "time_zone": "UTC", "domain": "PBX.Example"})",
                        R"({"name": "Home", "domain": "pbx.example", "allowed_domains": []})"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Changes, Update,
    testing::Values(
        Row{"nothing", "site", "{}", "{}", "{}"},
        Row{"one_field", "site", "{}", R"({"name": "New"})", R"({"name": "New"})"},
        Row{"switch", "unit", "{}", R"({"do_not_disturb": false})", R"({"do_not_disturb": false})"},
        Row{"fewer_domains", "site", "{}", R"({"allowed_domains": []})", R"({"allowed_domains": []})"},
        Row{"no_schedule", "rule", "{}", R"({"schedule": null})", R"({"schedule": null})"},
        Row{"other_schedule", "rule", "{}",
            R"({"schedule": {"windows": [{"days": ["sun", "mon"], "from": "00:00", "to": "00:00"}]}})",
            R"({"schedule": {"windows": [{"days": ["mon", "sun"], "from": "00:00", "to": "00:00"}]}})"},
        Row{"other_owner", "rule", "{}", R"({"owner": {"type": "unit", "id": "01ARZ3NDEKTSV4RRFFQ69G5FA1"}})",
            R"({"owner": {"type": "unit", "id": "01ARZ3NDEKTSV4RRFFQ69G5FA1"}})"},
        Row{"same_action_keeps_target", "rule",
            R"({"target": {"type": "accounts", "account_ids": ["01ARZ3NDEKTSV4RRFFQ69G5FA2"]}})",
            R"({"action": "ring", "ring_seconds": 10})", R"({"ring_seconds": 10})"},
        Row{"target_alone", "rule", R"({"action": "reject", "target": {"type": "code", "code": 403}})",
            R"({"target": {"type": "code", "code": 486}})", R"({"target": {"type": "code", "code": 486}})"},
        Row{"to_voicemail", "rule", "{}", R"({"action": "voicemail"})",
            R"({"action": "voicemail", "target": {"type": "voicemail"}})"},
        Row{"to_reject", "rule", "{}", R"({"action": "reject"})",
            R"({"action": "reject", "target": {"type": "code", "code": 603}})"},
        Row{"to_reject_without_code", "rule", "{}", R"({"action": "reject", "target": {"type": "code"}})",
            R"({"action": "reject", "target": {"type": "code", "code": 603}})"},
        Row{"to_forward_to_uri", "rule", "{}",
            R"({"action": "forward", "target": {"type": "uri", "uri": "sip:Desk@PBX.Example.org"}})",
            R"({"action": "forward", "target": {"type": "uri", "uri": "sip:Desk@pbx.example.org"}})"},
        Row{"to_forward_to_unit", "rule", "{}",
            R"({"action": "forward", "target": {"type": "unit", "unit_id": "01ARZ3NDEKTSV4RRFFQ69G5FA1"}})",
            R"({"action": "forward", "target": {"type": "unit", "unit_id": "01ARZ3NDEKTSV4RRFFQ69G5FA1"}})"},
        Row{"to_http", "door", "{}", R"({"method": "http", "http_url": "https://door/open"})",
            R"({"method": "http", "http_url": "https://door/open", "dtmf_code": null})"},
        Row{"to_http_with_null", "door", "{}",
            R"({"method": "http", "http_url": "https://door/open", "dtmf_code": null, "ha_action": null})",
            R"({"method": "http", "http_url": "https://door/open", "dtmf_code": null})"},
        Row{"to_action", "door", "{}",
            R"({"method": "action", "ha_action": "lock.unlock", "ha_entity_id": "lock.front"})",
            R"({"method": "action", "ha_action": "lock.unlock", "ha_entity_id": "lock.front", "dtmf_code": null})"},
        Row{"other_code", "door", "{}", R"({"dtmf_code": "9*"})", R"({"dtmf_code": "9*"})"}),
    row_name);

TEST(Update, RefusesAForwardWithoutItsTarget) {
  EXPECT_THAT(codes_and_paths(read_noun("rule", {{"action", "forward"}}, example("rule")).errors),
              testing::ElementsAre("required target"));
}

TEST(Update, KeepsCredentials) {
  Account account;
  std::vector<FieldError> errors;
  read_fields_with_credentials(example("account_with_credentials"), account, "", errors);
  read_fields({{"name", "Other"}}, account, "", errors);
  EXPECT_THAT(errors, testing::IsEmpty());
  EXPECT_EQ(account.credentials.ha1_md5, std::string(32, 'a'));
  EXPECT_EQ(account.name, "Other");
}

TEST(Update, DemandsFieldsOfAnObjectThatHasOnlyItsId) {
  Site site;
  site.id = kExampleId;
  std::vector<FieldError> errors;
  read_fields(Json::object(), site, "", errors);
  EXPECT_EQ(errors.size(), 3U);
}

}  // namespace
}  // namespace neolia::model

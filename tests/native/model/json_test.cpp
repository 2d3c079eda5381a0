// SPDX-License-Identifier: Apache-2.0
#include "model/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/examples.hpp"
#include "model/rows.hpp"

namespace neolia::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class EveryNoun : public testing::TestWithParam<const char*> {};

TEST_P(EveryNoun, IsWrittenAsItWasRead) {
  const Outcome outcome = read_noun(GetParam(), example(GetParam()));
  EXPECT_THAT(outcome.errors, IsEmpty());
  EXPECT_EQ(outcome.written, example(GetParam()));
}

TEST_P(EveryNoun, NamesEveryMissingField) {
  const Json required = {{"site", {"domain", "name", "time_zone"}},
                         {"building", {"code", "name", "site_id"}},
                         {"unit", {"building_id", "number"}},
                         {"account", {"kind", "owner", "username"}},
                         {"account_with_credentials", {"ha1_md5", "ha1_sha256", "kind", "owner", "username"}},
                         {"door", {"account_id", "method", "name"}},
                         {"rule", {"action", "owner", "position", "source_pattern"}},
                         {"directory", {"name", "realm"}}};
  std::vector<std::string> expected;
  for (const Json& field : required.at(GetParam())) expected.push_back("required " + field.get<std::string>());
  EXPECT_EQ(codes_and_paths(read_noun(GetParam(), Json::object()).errors), expected);
}

TEST_P(EveryNoun, RefusesWhatIsNoObject) {
  for (const Json& fields : {Json(nullptr), Json::array(), Json("text"), Json(7), Json(true)}) {
    EXPECT_THAT(codes_and_paths(read_noun(GetParam(), fields).errors), ElementsAre("type ")) << fields;
  }
}

TEST_P(EveryNoun, RefusesNullWhereAValueBelongs) {
  const Json whole = example(GetParam());
  for (const auto& [name, value] : whole.items()) {
    if (name == "schedule" || value.is_null() || name == "dtmf_code") continue;
    Json fields = whole;
    fields[name] = nullptr;
    EXPECT_THAT(codes_and_paths(read_noun(GetParam(), fields).errors), ElementsAre("type " + name));
  }
}

INSTANTIATE_TEST_SUITE_P(Nouns, EveryNoun,
                         testing::Values("site", "building", "unit", "account", "account_with_credentials", "door",
                                         "rule", "directory"),
                         row_name);

/// A good object with some fields replaced; "<absent>" takes a field away.
struct BadRow {
  const char* name;
  const char* noun;
  const char* replaced;
  const char* expected;  ///< "code path", several separated by ", "
};

Json replace(Json object, const Json& replaced) {
  object.update(replaced);
  std::erase_if(object.get_ref<Json::object_t&>(), [](const auto& field) { return field.second == "<absent>"; });
  return object;
}

std::string join(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined.append(joined.empty() ? "" : ", ").append(text);
  return joined;
}

class BadFields : public testing::TestWithParam<BadRow> {};

TEST_P(BadFields, AreNamed) {
  const Json fields = replace(example(GetParam().noun), Json::parse(GetParam().replaced));
  EXPECT_EQ(join(codes_and_paths(read_noun(GetParam().noun, fields).errors)), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, BadFields,
    testing::Values(
        BadRow{"empty_name", "site", R"({"name": ""})", "length name"},
        BadRow{"name_of_spaces", "site", R"({"name": " \t\n "})", "length name"},
        BadRow{"name_with_a_control_character", "site", R"({"name": "a\u0000b"})", "format name"},
        BadRow{"name_with_an_escape", "site", R"({"name": "a\u001b[31m"})", "format name"},
        BadRow{"number_for_text", "site", R"({"name": 7})", "type name"},
        BadRow{"list_for_text", "site", R"({"name": ["Home"]})", "type name"},
        BadRow{"bad_id", "site", R"({"id": "1"})", "format id"},
        BadRow{"unknown_field", "site", R"({"nam": "Home"})", "unknown nam"},
        BadRow{"unknown_field_with_a_bad_name", "site", R"({"a.b[0]\n": 1})", "unknown ?"},
        BadRow{"several", "site", R"({"name": 7, "domain": "", "color": "red"})",
               "length domain, type name, unknown color"},
        BadRow{"time_zone_path", "site", R"({"time_zone": "../../etc/passwd"})", "format time_zone"},
        BadRow{"domain_with_port", "site", R"({"domain": "a.org:5060"})", "format domain"},
        BadRow{"bracketed_address", "site", R"({"domain": "[::1]"})", "format domain"},
        BadRow{"domains_no_list", "site", R"({"allowed_domains": "a.org"})", "type allowed_domains"},
        BadRow{"bad_domain_in_list", "site", R"({"allowed_domains": ["a.org", 7, "b c"]})",
               "format allowed_domains[2], type allowed_domains[1]"},
        BadRow{"domain_twice", "site", R"({"allowed_domains": ["a.org", "A.ORG"]})", "duplicate allowed_domains[1]"},
        BadRow{"ip6_as_allowed_domain", "site", R"({"allowed_domains": ["::1"]})", "format allowed_domains[0]"},
        BadRow{"code_too_long", "building", R"({"code": "ABCDEFGHI"})", "length code"},
        BadRow{"code_with_a_hyphen", "building", R"({"code": "A-1"})", "format code"},
        BadRow{"code_not_ascii", "building", R"({"code": "Ä"})", "format code"},
        BadRow{"number_too_long", "unit", R"({"number": "12345678901234567"})", "length number"},
        BadRow{"number_with_a_dot", "unit", R"({"number": "4.1"})", "format number"},
        BadRow{"number_as_number", "unit", R"({"number": 401})", "type number"},
        BadRow{"flag_as_text", "unit", R"({"do_not_disturb": "yes"})", "type do_not_disturb"},
        BadRow{"flag_as_number", "unit", R"({"do_not_disturb": 1})", "type do_not_disturb"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Accounts, BadFields,
    testing::Values(BadRow{"capital_in_username", "account", R"({"username": "Hall"})", "format username"},
                    BadRow{"username_starts_with_a_dot", "account", R"({"username": ".hall"})", "format username"},
                    BadRow{"username_with_a_quote", "account", R"({"username": "x'or'1"})", "format username"},
                    BadRow{"username_with_a_bar", "account", R"({"username": "a|b"})", "format username"},
                    BadRow{"unknown_kind", "account", R"({"kind": "phone"})", "format kind"},
                    BadRow{"owner_no_object", "account", R"({"owner": "01ARZ3NDEKTSV4RRFFQ69G5FA0"})", "type owner"},
                    BadRow{"owner_empty", "account", R"({"owner": {}})", "required owner.id, required owner.type"},
                    BadRow{"owner_with_more", "account", R"({"owner": {"type": "flat", "id": "x", "name": "y"}})",
                           "format owner.id, format owner.type, unknown owner.name"},
                    BadRow{"credentials_from_outside", "account", R"({"ha1_md5": "00"})", "unknown ha1_md5"},
                    BadRow{"password_is_no_field", "account", R"({"password": "secret"})", "unknown password"},
                    BadRow{"short_digest", "account_with_credentials", R"({"ha1_md5": "abc"})", "format ha1_md5"},
                    BadRow{"long_digest", "account_with_credentials",
                           R"({"ha1_md5": "000000000000000000000000000000000000000000000000"})", "length ha1_md5"},
                    BadRow{"digest_in_capitals", "account_with_credentials",
                           R"({"ha1_md5": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})", "format ha1_md5"},
                    BadRow{"no_digests", "account_with_credentials",
                           R"({"ha1_md5": "<absent>", "ha1_sha256": "<absent>"})",
                           "required ha1_md5, required ha1_sha256"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Doors, BadFields,
    testing::Values(
        BadRow{"no_code", "door", R"({"dtmf_code": "<absent>"})", "required dtmf_code"},
        BadRow{"null_code", "door", R"({"dtmf_code": null})", "required dtmf_code"},
        BadRow{"empty_code", "door", R"({"dtmf_code": ""})", "length dtmf_code"},
        BadRow{"code_of_letters", "door", R"({"dtmf_code": "12e"})", "format dtmf_code"},
        BadRow{"code_type", "door", R"({"dtmf_code": 12})", "type dtmf_code"},
        BadRow{"field_of_another_method", "door", R"({"http_url": "http://door/"})", "unknown http_url"},
        BadRow{"other_method_lacks_field", "door", R"({"method": "http", "dtmf_code": null})", "required http_url"},
        BadRow{"method_and_field_do_not_fit", "door", R"({"method": "action"})",
               "required ha_action, required ha_entity_id, unknown dtmf_code"},
        BadRow{"unknown_method", "door", R"({"method": "relay"})", "format method"},
        BadRow{"url_with_a_user", "door", R"({"method": "http", "dtmf_code": null, "http_url": "http://a:b@door/"})",
               "format http_url"},
        BadRow{"action_without_a_domain", "door",
               R"({"method": "action", "dtmf_code": null, "ha_action": "unlock", "ha_entity_id": "lock.front"})",
               "format ha_action"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Rules, BadFields,
    testing::Values(BadRow{"position_zero", "rule", R"({"position": 0})", "range position"},
                    BadRow{"position_33", "rule", R"({"position": 33})", "range position"},
                    BadRow{"position_huge", "rule", R"({"position": 18446744073709551615})", "range position"},
                    BadRow{"position_very_negative", "rule", R"({"position": -9223372036854775808})", "range position"},
                    BadRow{"position_a_fraction", "rule", R"({"position": 1.5})", "type position"},
                    BadRow{"position_as_float", "rule", R"({"position": 1.0})", "type position"},
                    BadRow{"position_a_flag", "rule", R"({"position": true})", "type position"},
                    BadRow{"rings_too_short", "rule", R"({"ring_seconds": 4})", "range ring_seconds"},
                    BadRow{"rings_too_long", "rule", R"({"ring_seconds": 121})", "range ring_seconds"},
                    BadRow{"unknown_selector", "rule", R"({"source_pattern": "@panel"})", "format source_pattern"},
                    BadRow{"glob_with_brackets", "rule", R"({"source_pattern": "[a-z]*"})", "format source_pattern"},
                    BadRow{"glob_with_a_tilde", "rule", R"({"source_pattern": "a~b"})", "format source_pattern"},
                    BadRow{"glob_with_a_bar", "rule", R"({"source_pattern": "a|*"})", "format source_pattern"},
                    BadRow{"glob_with_a_backslash", "rule", R"({"source_pattern": "a\\*"})", "format source_pattern"},
                    BadRow{"glob_in_capitals", "rule", R"({"source_pattern": "Door*"})", "format source_pattern"},
                    BadRow{"glob_too_long", "rule",
                           R"({"source_pattern": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})",
                           "length source_pattern"},
                    BadRow{"unknown_action", "rule", R"({"action": "answer"})", "format action"},
                    BadRow{"unknown_on_decline", "rule", R"({"on_decline": "proceed"})", "format on_decline"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Targets, BadFields,
    testing::Values(
        BadRow{"target_null", "rule", R"({"target": null})", "type target"},
        BadRow{"target_without_type", "rule", R"({"target": {}})", "required target.type"},
        BadRow{"target_type_unknown", "rule", R"({"target": {"type": "everyone"}})", "format target.type"},
        BadRow{"target_type_no_text", "rule", R"({"target": {"type": 1}})", "type target.type"},
        BadRow{"target_of_another_action", "rule", R"({"target": {"type": "voicemail"}})", "wrong_kind target.type"},
        BadRow{"target_with_more", "rule", R"({"target": {"type": "all", "unit_id": "x"}})", "unknown target.unit_id"},
        BadRow{"nobody_named", "rule", R"({"target": {"type": "accounts", "account_ids": []}})",
               "length target.account_ids"},
        BadRow{"accounts_missing", "rule", R"({"target": {"type": "accounts"}})", "required target.account_ids"},
        BadRow{"account_twice", "rule",
               R"({"target": {"type": "accounts",
                   "account_ids": ["01ARZ3NDEKTSV4RRFFQ69G5FA0", "01ARZ3NDEKTSV4RRFFQ69G5FA0"]}})",
               "duplicate target.account_ids[1]"},
        BadRow{"two_bad_accounts", "rule", R"({"target": {"type": "accounts", "account_ids": ["", 4]}})",
               "length target.account_ids[0], type target.account_ids[1]"},
        BadRow{"seventeen_accounts", "rule",
               R"({"target": {"type": "accounts", "account_ids": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}})",
               "too_many target.account_ids"},
        BadRow{"forward_without_target", "rule", R"({"action": "forward", "target": "<absent>"})", "required target"},
        BadRow{"forward_to_all", "rule", R"({"action": "forward"})", "wrong_kind target.type"},
        BadRow{"forward_to_a_bad_uri", "rule", R"({"action": "forward", "target": {"type": "uri", "uri": "sip:a"}})",
               "format target.uri"},
        BadRow{"reject_with_200", "rule", R"({"action": "reject", "target": {"type": "code", "code": 200}})",
               "range target.code"},
        BadRow{"reject_with_500", "rule", R"({"action": "reject", "target": {"type": "code", "code": 500}})",
               "range target.code"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Schedules, BadFields,
    testing::Values(
        BadRow{"schedule_a_list", "rule", R"({"schedule": []})", "type schedule"},
        BadRow{"schedule_without_windows", "rule", R"({"schedule": {}})", "required schedule.windows"},
        BadRow{"no_windows", "rule", R"({"schedule": {"windows": []}})", "length schedule.windows"},
        BadRow{"window_no_object", "rule", R"({"schedule": {"windows": ["mon"]}})", "type schedule.windows[0]"},
        BadRow{"window_empty", "rule", R"({"schedule": {"windows": [{}]}})",
               "required schedule.windows[0].days, required schedule.windows[0].from, required schedule.windows[0].to"},
        BadRow{"no_days", "rule", R"({"schedule": {"windows": [{"days": [], "from": "01:00", "to": "02:00"}]}})",
               "length schedule.windows[0].days"},
        BadRow{"unknown_day", "rule",
               R"({"schedule": {"windows": [{"days": ["mon", "Tue"], "from": "01:00", "to": "02:00"}]}})",
               "format schedule.windows[0].days[1]"},
        BadRow{"day_twice", "rule",
               R"({"schedule": {"windows": [{"days": ["mon", "mon"], "from": "01:00", "to": "02:00"}]}})",
               "duplicate schedule.windows[0].days[1]"},
        BadRow{"hour_24", "rule", R"({"schedule": {"windows": [{"days": ["mon"], "from": "24:00", "to": "02:00"}]}})",
               "format schedule.windows[0].from"},
        BadRow{"minute_60", "rule", R"({"schedule": {"windows": [{"days": ["mon"], "from": "01:60", "to": "02:00"}]}})",
               "format schedule.windows[0].from"},
        BadRow{"short_hour", "rule", R"({"schedule": {"windows": [{"days": ["mon"], "from": "1:00", "to": "02:00"}]}})",
               "format schedule.windows[0].from"},
        BadRow{"seconds", "rule",
               R"({"schedule": {"windows": [{"days": ["mon"], "from": "01:00", "to": "02:00:00"}]}})",
               "format schedule.windows[0].to"},
        BadRow{"signed_time", "rule",
               R"({"schedule": {"windows": [{"days": ["mon"], "from": "-1:00", "to": "02:00"}]}})",
               "format schedule.windows[0].from"},
        BadRow{"second_window", "rule",
               R"({"schedule": {"windows": [{"days": ["mon"], "from": "01:00", "to": "02:00"},
                                            {"days": ["mon"], "from": 100, "to": "02:00"}]}})",
               "type schedule.windows[1].from"},
        BadRow{"window_twice", "rule",
               R"({"schedule": {"windows": [{"days": ["mon"], "from": "01:00", "to": "02:00"},
                                            {"days": ["mon"], "from": "01:00", "to": "02:00"}]}})",
               "duplicate schedule.windows[1]"}),
    row_name);

TEST(ReadFields, PutsThePathInFront) {
  Site site;
  std::vector<FieldError> errors;
  read_fields({{"allowed_domains", {7}}}, site, "operations[3].fields", errors);
  EXPECT_THAT(codes_and_paths(errors),
              ElementsAre("required operations[3].fields.domain", "required operations[3].fields.name",
                          "required operations[3].fields.time_zone", "type operations[3].fields.allowed_domains[0]"));
}

TEST(ReadFields, RefusesVeryLongTextsWithoutRepeatingThem) {
  const std::string huge(10'000'000, 'x');
  for (const char* noun : {"site", "building", "unit", "account", "door", "rule"}) {
    const Json whole = example(noun);
    for (const auto& [name, value] : whole.items()) {
      if (!value.is_string()) continue;
      Json fields = whole;
      fields[name] = huge;
      const Outcome outcome = read_noun(noun, fields);
      ASSERT_THAT(codes_and_paths(outcome.errors), ElementsAre("length " + name)) << noun;
      EXPECT_LT(outcome.errors.front().message.size(), 200U);
      EXPECT_LT(outcome.written.dump().size(), 2000U) << "taken over";
    }
  }
}

TEST(ReadFields, RefusesInvalidUtf8) {
  Json fields = example("site");
  fields["name"] = "T\xFCr";
  EXPECT_THAT(codes_and_paths(read_noun("site", fields).errors), ElementsAre("format name"));
}

/// Lists in lists, too deep for code that recurses into them.
Json nested_lists() { return Json::parse(std::string(100'000, '[') + std::string(100'000, ']')); }

TEST(ReadFields, RefusesDeepNesting) {
  Json fields = example("rule");
  fields["schedule"] = nested_lists();
  fields["target"] = {{"type", "accounts"}, {"account_ids", Json::array()}};
  fields["target"]["account_ids"].push_back(nested_lists());
  EXPECT_THAT(codes_and_paths(read_noun("rule", fields).errors),
              ElementsAre("type schedule", "type target.account_ids[0]"));
}

TEST(ReadFields, StopsNamingAfterAThousandBadFields) {
  Json fields = example("site");
  for (int i = 0; i < 5000; ++i) fields["field_" + std::to_string(i)] = i;
  EXPECT_EQ(read_noun("site", fields).errors.size(), kMaxFieldErrors);
}

class AfterOthers : public testing::TestWithParam<std::size_t> {};

TEST_P(AfterOthers, GoodObjectsAreTakenAndBadOnesAreNot) {
  const std::vector<FieldError> noted(GetParam(), {FieldCode::type, "sites[0].name", "Must be text."});
  Rule rule;
  Door door;
  std::vector<FieldError> errors = noted;
  read_fields(example("rule"), rule, "", errors);
  read_fields(example("door"), door, "", errors);
  EXPECT_EQ(errors, noted);
  EXPECT_EQ(to_json(rule), example("rule"));
  EXPECT_EQ(to_json(door), example("door"));
}

INSTANTIATE_TEST_SUITE_P(Noted, AfterOthers, testing::Values(0U, 1U, 999U));

TEST(ReadFields, SurvivesBadObjectsWhenNoMoreIsNoted) {
  std::vector<FieldError> errors(kMaxFieldErrors);
  Rule rule;
  Door door;
  read_fields({{"action", "forward"}}, rule, "", errors);
  read_fields({{"method", "action"}, {"ha_action", "lock.open"}}, door, "", errors);
  EXPECT_EQ(errors.size(), kMaxFieldErrors);
  EXPECT_EQ(rule, Rule{});
  EXPECT_EQ(door, Door{});
}

TEST(ReadFields, CountsCharactersNotBytes) {
  std::string name;
  for (int i = 0; i < 100; ++i) name += "🔔";
  Json fields = example("site");
  fields["name"] = name;
  EXPECT_THAT(read_noun("site", fields).errors, IsEmpty());
  fields["name"] = std::string(101, 'a');
  EXPECT_THAT(codes_and_paths(read_noun("site", fields).errors), ElementsAre("length name"));
}

TEST(ToJson, LeavesCredentialsOut) {
  Account account;
  account.credentials = {"secret", "secret"};
  EXPECT_EQ(to_json(account).dump().find("secret"), std::string::npos);
  EXPECT_EQ(to_json_with_credentials(account).at("ha1_md5"), "secret");
}

TEST(ToJson, WritesErrors) {
  const Error error{ErrorCode::in_use, "No.", {{FieldCode::other_site, "owner", "Elsewhere."}}};
  EXPECT_EQ(to_json(error), Json::parse(R"({"code": "in_use", "message": "No.",
      "fields": [{"code": "other_site", "path": "owner", "message": "Elsewhere."}]})"));
}

struct PasswordRow {
  const char* name;
  Json value;
  const char* expected;
};

class ReadPassword : public testing::TestWithParam<PasswordRow> {};

TEST_P(ReadPassword, TakesOrRefuses) {
  std::string password;
  std::vector<FieldError> errors;
  read_password(GetParam().value, password, "fields.password", errors);
  EXPECT_EQ(join(codes_and_paths(errors)), GetParam().expected);
  if (errors.empty()) {
    EXPECT_EQ(Json(password), GetParam().value);
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, ReadPassword,
                         testing::Values(PasswordRow{"shortest", "12345678", ""},
                                         PasswordRow{"longest", std::string(128, 'x'), ""},
                                         PasswordRow{"spaces_stay", " a b c d ", ""},
                                         PasswordRow{"not_ascii", "schlüssel", ""},
                                         PasswordRow{"too_short", "1234567", "length fields.password"},
                                         PasswordRow{"too_long", std::string(129, 'x'), "length fields.password"},
                                         PasswordRow{"control_character", "12345678\n", "format fields.password"},
                                         PasswordRow{"number", 12345678, "type fields.password"},
                                         PasswordRow{"null", nullptr, "type fields.password"}),
                         row_name);

TEST(ParseJson, IsNestedOnlySoFar) {
  const auto nested = [](int depth) {
    const auto size = static_cast<std::size_t>(depth);
    return std::string(size, '[') + std::string(size, ']');
  };
  EXPECT_TRUE(parse_json(nested(kMaxNesting)).is_array());
  EXPECT_TRUE(parse_json(nested(kMaxNesting + 1)).is_discarded());
  EXPECT_TRUE(parse_json("[\"\\\"" + std::string(100, '[') + "\"]").is_array());
  EXPECT_TRUE(parse_json("[" + nested(kMaxNesting - 1) + "," + nested(kMaxNesting - 1) + "]").is_array());
  EXPECT_TRUE(parse_json("{").is_discarded());
  EXPECT_TRUE(parse_json("").is_discarded());
}

}  // namespace
}  // namespace neolia::model

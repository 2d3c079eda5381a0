// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <random>

#include "model/rows.hpp"
#include "snapshot/document.hpp"

namespace neolia::snapshot {
namespace {

using testing::HasSubstr;

/// A good document with one thing wrong.
struct Row {
  const char* name;
  std::function<void(Json& document)> spoil;
  const char* fields;  ///< "code path", sorted
};

const std::vector<Row> kBothForms{
    {"NewerFormat", [](Json& json) { json["format"] = 2; }, "range format"},
    {"FormatText", [](Json& json) { json["format"] = "1"; }, "range format"},
    {"NoFormat", [](Json& json) { json.erase("format"); }, "required format"},
    {"NewerFormatOnly",
     [](Json& json) {
       json["format"] = 2;
       json["future"] = true;
     },
     "range format"},
    {"Unknown", [](Json& json) { json["extra"] = 1; }, "unknown extra"},
    {"NoRevision", [](Json& json) { json.erase("revision"); }, "required revision"},
    {"RevisionText", [](Json& json) { json["revision"] = "7"; }, "type revision"},
    {"RevisionFraction", [](Json& json) { json["revision"] = 7.5; }, "type revision"},
    {"RevisionHuge", [](Json& json) { json["revision"] = UINT64_MAX; }, "range revision"},
};

const std::vector<Row> kWhole{
    {"NoDirectory", [](Json& json) { json.erase("directory"); }, "required directory"},
    {"DirectoryList", [](Json& json) { json["directory"] = Json::array(); }, "type directory"},
    {"DirectoryEmpty", [](Json& json) { json["directory"] = Json::object(); },
     "required directory.id, required directory.name, required directory.realm"},
    {"Realm", [](Json& json) { json["directory"]["realm"] = "a b"; }, "format directory.realm"},
    {"NegativeRevision", [](Json& json) { json["revision"] = -1; }, "range revision"},
    {"NoList", [](Json& json) { json.erase("doors"); }, "required doors"},
    {"ListObject", [](Json& json) { json["doors"] = Json::object(); }, "type doors"},
    {"ListNull", [](Json& json) { json["doors"] = nullptr; }, "type doors"},
    {"UnknownNoun", [](Json& json) { json["lifts"] = Json::array(); }, "unknown lifts"},
    {"ElementNumber", [](Json& json) { json["units"].push_back(1); }, "type units[2]"},
    {"ElementList",
     [](Json& json) {
       json["units"].push_back({1, 2});
     },
     "type units[2]"},
    {"NoId", [](Json& json) { json["accounts"][1].erase("id"); }, "required accounts[1].id"},
    {"BadId", [](Json& json) { json["units"][1]["id"] = "x"; }, "format units[1].id"},
    {"Twice", [](Json& json) { json["units"].push_back(json["units"][0]); }, "duplicate units[2].id"},
    {"TwiceAcrossNouns", [](Json& json) { json["units"][1]["id"] = json["buildings"][0]["id"]; },
     "duplicate units[1].id"},
    {"Username", [](Json& json) { json["accounts"][1]["username"] = "A B"; }, "format accounts[1].username"},
    {"NoCredentials", [](Json& json) { json["accounts"][0].erase("ha1_md5"); }, "required accounts[0].ha1_md5"},
    {"BadCredentials", [](Json& json) { json["accounts"][0]["ha1_sha256"] = "xyz"; }, "format accounts[0].ha1_sha256"},
    {"UnknownField", [](Json& json) { json["units"][0]["floor"] = 4; }, "unknown units[0].floor"},
    {"Deep", [](Json& json) { json["rules"][0]["schedule"]["windows"][0]["to"] = "25:00"; },
     "format rules[0].schedule.windows[0].to"},
    {"Several",
     [](Json& json) {
       json["sites"][0]["name"] = "";
       json["rules"][0]["position"] = 0;
     },
     "length sites[0].name, range rules[0].position"},
};

const std::vector<Row> kChanges{
    {"NoDirectory", [](Json& json) { json.erase("directory_id"); }, "format directory_id"},
    {"DirectoryNumber", [](Json& json) { json["directory_id"] = 1; }, "format directory_id"},
    {"NoBase", [](Json& json) { json.erase("base_revision"); }, "required base_revision"},
    {"Backwards", [](Json& json) { json["base_revision"] = 10; }, "range revision"},
    {"NoChanged", [](Json& json) { json.erase("changed"); }, "required changed"},
    {"ChangedList", [](Json& json) { json["changed"] = Json::array(); }, "type changed"},
    {"NoList", [](Json& json) { json["removed"].erase("doors"); }, "required removed.doors"},
    {"UnknownNoun", [](Json& json) { json["changed"]["lifts"] = Json::array(); }, "unknown changed.lifts"},
    {"BadObject", [](Json& json) { json["changed"]["units"][1]["number"] = "!"; }, "format changed.units[1].number"},
    {"RemovedNumber", [](Json& json) { json["removed"]["rules"].push_back(1); }, "format removed.rules[2]"},
    {"RemovedObject", [](Json& json) { json["removed"]["rules"].push_back(Json::object()); },
     "format removed.rules[2]"},
    {"RemovedTwice", [](Json& json) { json["removed"]["units"].push_back(id("V9")); }, "duplicate removed.units[1]"},
    {"ChangedAndRemoved", [](Json& json) { json["removed"]["units"].push_back(id("V1")); },
     "duplicate removed.units[1]"},
};

class RefusedWhole : public testing::TestWithParam<Row> {};

TEST_P(RefusedWhole, IsNamed) {
  Json document = Json::parse(text_of(snapshot()));
  GetParam().spoil(document);
  const auto read = snapshot::read(document.dump(), kLimit);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, model::ErrorCode::invalid);
  EXPECT_EQ(fields_of(read.error()), GetParam().fields);
}

INSTANTIATE_TEST_SUITE_P(Frame, RefusedWhole, testing::ValuesIn(kBothForms), row_name);
INSTANTIATE_TEST_SUITE_P(Content, RefusedWhole, testing::ValuesIn(kWhole), row_name);

class RefusedChanges : public testing::TestWithParam<Row> {};

TEST_P(RefusedChanges, AreNamed) {
  Json document = Json::parse(write(changes()));
  GetParam().spoil(document);
  const auto read = read_changes(document.dump(), kLimit);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, model::ErrorCode::invalid);
  EXPECT_EQ(fields_of(read.error()), GetParam().fields);
}

INSTANTIATE_TEST_SUITE_P(Frame, RefusedChanges, testing::ValuesIn(kBothForms), row_name);
INSTANTIATE_TEST_SUITE_P(Content, RefusedChanges, testing::ValuesIn(kChanges), row_name);

struct Text {
  const char* name;
  std::string text;
  const char* message;
};

std::string repeat(const char* part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

const std::vector<Text> kTexts{
    {"Empty", "", "no JSON"},
    {"Null", "null", "object"},
    {"List", "[]", "object"},
    {"NoJson", "snapshot", "no JSON from byte 1 on"},
    {"Cut", R"({"format":1,"units":[{"id")", "no JSON"},
    {"Trailing", R"({"format":2} x)", "no JSON"},
    {"Comment", "{/* */}", "no JSON"},
    {"NotUtf8", "{\"format\":\"\xff\"}", "no JSON"},
    {"HugeNumber", R"({"format":1e999})", "number"},
    {"Long", std::string(kLimit + 1, ' '), "longer than 1048576 bytes"},
    {"DeepLists", repeat("[", 100'000), "nested too deeply"},
    {"DeepObjects", repeat("{\"a\":", 100'000), "nested too deeply"},
    {"DeepInList", R"({"units":[)" + repeat("[", 100'000), "nested too deeply"},
    {"WideFrame", R"({"a":[)" + repeat("0,", 100'000) + "0]}", "too large"},
    {"WideElement", R"({"units":[{"a":[)" + repeat("0,", 100'000) + "0]}]}", "too large"},
    {"ListTwice", R"({"units":[],"units":[]})", "'units' is given twice"},
};

class RefusedText : public testing::TestWithParam<Text> {};

TEST_P(RefusedText, SaysWhy) {
  for (const model::Error& error : {snapshot::read(GetParam().text, kLimit).error(),
                                    // The lists of changes are elsewhere; what is wrong may be told otherwise.
                                    read_changes(GetParam().text, kLimit).error()}) {
    EXPECT_EQ(error.code, model::ErrorCode::invalid);
    EXPECT_FALSE(error.message.empty());
  }
  EXPECT_THAT(snapshot::read(GetParam().text, kLimit).error().message, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(Rows, RefusedText, testing::ValuesIn(kTexts), row_name);

TEST(RefusedFields, AreNotEndless) {
  Json document = Json::parse(text_of(snapshot()));
  document["units"] = Json(std::vector<Json>(5000, Json::object()));
  EXPECT_EQ(snapshot::read(document.dump(), kLimit).error().fields.size(), model::kMaxFieldErrors);
}

TEST(AnyText, IsReadOrRefused) {
  const std::string whole = text_of(snapshot());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(snapshot::read(std::string_view(whole).substr(0, size), kLimit)) << size;
  }
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string text = whole;
    for (std::size_t edits = random() % 4 + 1; edits > 0; --edits) {
      text[random() % text.size()] = R"({}[],:"0129eE.-tfn\ )"[random() % 21];
    }
    const auto read = snapshot::read(text, kLimit);
    EXPECT_TRUE(read || read.error().code == model::ErrorCode::invalid);
  }
}

TEST(Check, NamesPlacesInTheText) {
  Snapshot broken = snapshot();
  broken.objects.accounts[1].username = "hall";
  broken.objects.units[1].building_id = id("B9");
  rules::Facts facts;
  const model::Change change{broken.objects, {}};
  const auto inverse = facts.apply(change);
  const auto refused = check(facts, change, inverse, "");
  ASSERT_FALSE(refused);
  EXPECT_THAT(fields_of(refused.error()), HasSubstr("duplicate accounts[1].username"));
  EXPECT_THAT(fields_of(refused.error()), HasSubstr("not_found units[1].building_id"));
}

TEST(Check, NamesPlacesInChanges) {
  rules::Facts facts;
  facts.apply({objects(), {}});
  model::Change change;
  change.put.units = {{id("V3"), id("B1"), "Copy", "101", false}};
  change.removed.accounts = {id("A1")};
  const auto inverse = facts.apply(change);
  const auto refused = check(facts, change, inverse, "changed.");
  ASSERT_FALSE(refused);
  EXPECT_THAT(fields_of(refused.error()), HasSubstr("duplicate changed.units[0].number"));
  EXPECT_THAT(fields_of(refused.error()), HasSubstr("in_use removed.accounts[0]"));
}

TEST(Check, PassesWhatFits) {
  rules::Facts facts;
  const model::Change change{objects(), {}};
  const auto inverse = facts.apply(change);
  EXPECT_TRUE(check(facts, change, inverse, ""));
}

}  // namespace
}  // namespace neolia::snapshot

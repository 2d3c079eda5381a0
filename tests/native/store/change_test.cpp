// SPDX-License-Identifier: Apache-2.0
#include <functional>

#include "model/credentials.hpp"
#include "model/rows.hpp"
#include "store/estate.hpp"

namespace neolia::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Change : public DirectoryTest {};

TEST_F(Change, IsThereAfterReopening) {
  must(create("door", {{"account_id", gate}, {"name", "Gate"}, {"method", "dtmf"}, {"dtmf_code", "#1"}}));
  must(create("door",
              {{"account_id", gate}, {"name", "Side"}, {"method", "http"}, {"http_url", "http://10.0.0.9/open"}}));
  must(create("door", {{"account_id", gate},
                       {"name", "Lock"},
                       {"method", "action"},
                       {"ha_action", "lock.unlock"},
                       {"ha_entity_id", "lock.gate"}}));
  must(update("site", site, {{"allowed_domains", {"pbx.example.org"}}}));
  const Json windows = {{{"days", {"mon", "sun"}}, {"from", "22:00"}, {"to", "06:00"}}};
  int position = 0;
  const auto rule = [&](Json fields) {
    fields.update({{"owner", owner("unit", unit)}, {"position", ++position}, {"source_pattern", "gate-*"}});
    must(create("rule", fields));
  };
  rule({{"action", "ring"}, {"target", {{"type", "accounts"}, {"account_ids", {hall}}}}, {"ring_seconds", 90}});
  rule({{"action", "ring"}, {"schedule", {{"windows", windows}}}, {"on_decline", "continue"}, {"enabled", false}});
  rule({{"action", "forward"}, {"target", {{"type", "account"}, {"account_id", hall}}}});
  rule({{"action", "forward"}, {"target", {{"type", "unit"}, {"unit_id", unit}}}});
  rule({{"action", "forward"}, {"target", {{"type", "uri"}, {"uri", "sip:bob@pbx.example.org"}}}});
  rule({{"action", "voicemail"}, {"target", {{"type", "voicemail"}}}});
  rule({{"action", "reject"}, {"target", {{"type", "code"}, {"code", 486}}}});
  must(create("account", {{"owner", owner("building", building)}, {"kind", "door"}, {"username", "lift"}}));
  const model::Objects before = objects();
  const Revision revision = directory->revision();

  reopen();

  EXPECT_EQ(objects(), before);
  EXPECT_EQ(directory->revision(), revision);
  EXPECT_EQ(directory->info().realm, "home.example");
}

TEST_F(Change, GivesANewSiteItsThreeRules) {
  std::vector<std::string> rules;
  for (const model::Rule* rule : directory->facts().rules_of(site)) {
    const Json json = model::to_json(*rule);
    rules.push_back(json["source_pattern"].get<std::string>() + " " + json["action"].get<std::string>());
  }
  EXPECT_THAT(rules, ElementsAre("@door ring", "@door voicemail", "@unit ring"));
}

TEST_F(Change, CountsOneRevisionHoweverManyOperations) {
  const Revision before = directory->revision();
  const Id other = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  const auto applied =
      apply({create("unit", {{"building_id", building}, {"number", "402"}}, other),
             create("account", {{"owner", owner("unit", other)}, {"kind", "mobile"}, {"username", "m"}}),
             update("unit", other, {{"name", "Top"}})});
  ASSERT_TRUE(applied) << applied.error().message;
  EXPECT_EQ(applied->revision, before + 1);
  EXPECT_EQ(applied->results[0].id, other);
  EXPECT_EQ(applied->results[0].object["name"], "Top") << "results show the state after the whole change";
}

TEST_F(Change, ThatChangesNothingMakesNoRevision) {
  const Revision before = directory->revision();
  const auto applied = apply({update("unit", unit, {{"number", "401"}})});
  ASSERT_TRUE(applied);
  EXPECT_EQ(applied->revision, before);
  EXPECT_EQ(applied->results.front().object["number"], "401");
}

TEST_F(Change, OnlyTouchesTheFieldsGiven) {
  must(update("unit", unit, {{"do_not_disturb", true}}));
  EXPECT_EQ(present<model::Unit>(unit), (model::Unit{unit, building, "401", "401", true}));
}

TEST_F(Change, SwapsWhatMustBeUnique) {
  const Id other =
      must(create("account", {{"owner", owner("unit", unit)}, {"kind", "panel"}, {"username", "kitchen"}}));
  const auto swap = [&](const Id& id, const char* name) {
    return with_password(update("account", id, {{"username", name}}), "long enough");
  };
  ASSERT_TRUE(apply({swap(hall, "kitchen"), swap(other, "hall")}));
  reopen();
  EXPECT_EQ(present<model::Account>(hall).username, "kitchen");
  EXPECT_EQ(present<model::Account>(other).username, "hall");
}

TEST_F(Change, DeletesWhatAnObjectContains) {
  must(create("door", {{"account_id", gate}, {"name", "Gate"}, {"method", "dtmf"}, {"dtmf_code", "#1"}}));
  must(create("rule",
              {{"owner", owner("unit", unit)}, {"position", 1}, {"source_pattern", "@door"}, {"action", "ring"}}));
  must(remove("site", site));
  EXPECT_EQ(objects(), model::Objects());
  reopen();
  EXPECT_EQ(objects(), model::Objects());
}

TEST_F(Change, RefusesToDeleteATarget) {
  const Id rule = must(create("rule", {{"owner", owner("unit", unit)},
                                       {"position", 1},
                                       {"source_pattern", "@door"},
                                       {"action", "ring"},
                                       {"target", {{"type", "accounts"}, {"account_ids", {hall}}}}}));
  const auto refused = apply({remove("account", hall)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, model::ErrorCode::in_use);
  EXPECT_THAT(refused.error().fields, SizeIs(1));
  EXPECT_TRUE(apply({remove("account", hall), remove("rule", rule)}));
}

TEST_F(Change, ReplacesAnObjectUnderItsId) {
  ASSERT_TRUE(apply({remove("unit", unit), create("unit", {{"building_id", building}, {"number", "9"}}, unit)}));
  reopen();
  EXPECT_EQ(present<model::Unit>(unit).number, "9");
  EXPECT_EQ(directory->facts().account(hall), nullptr);
}

class Password : public DirectoryTest {
 protected:
  [[nodiscard]] model::Credentials credentials(const Id& id) const { return present<model::Account>(id).credentials; }
};

TEST_F(Password, IsMadeAndShownOnce) {
  const auto made =
      apply({create("account", {{"owner", owner("unit", unit)}, {"kind", "mobile"}, {"username", "new"}})});
  ASSERT_TRUE(made);
  const auto& result = made->results.front();
  ASSERT_TRUE(result.password);
  EXPECT_EQ(credentials(result.id), model::make_credentials("new", "home.example", *result.password));
  EXPECT_EQ(result.object.dump().find(*result.password), std::string::npos);
  EXPECT_FALSE(apply({update("account", result.id, {{"name", "n"}})})->results.front().password);
}

TEST_F(Password, MayBeChosen) {
  const auto made = apply({with_password(
      create("account", {{"owner", owner("unit", unit)}, {"kind", "mobile"}, {"username", "new"}}), "correct horse")});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->results.front().password, "correct horse");
  EXPECT_EQ(credentials(made->results.front().id), model::make_credentials("new", "home.example", "correct horse"));
}

TEST_F(Password, GoesWithTheUsername) {
  const auto refused = apply({update("account", hall, {{"username", "lobby"}})});
  ASSERT_FALSE(refused);
  EXPECT_EQ(fields_of(refused.error()), "required password");
  ASSERT_TRUE(apply({with_password(update("account", hall, {{"username", "lobby"}}), "correct horse")}));
  EXPECT_EQ(credentials(hall), model::make_credentials("lobby", "home.example", "correct horse"));
}

TEST_F(Password, StaysWhenOtherFieldsChange) {
  const model::Credentials before = credentials(hall);
  must(update("account", hall, {{"enabled", false}, {"name", "Hall"}}));
  EXPECT_EQ(credentials(hall), before);
}

/// Operations on the estate that are refused.
struct Row {
  const char* name;
  std::function<std::vector<Operation>(const Id& building, const Id& unit, const Id& hall)> operations;
  const char* fields;  ///< "code path", sorted
};

constexpr const char* kFreeId = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

Operation placed(Operation operation, const char* path) {
  operation.path = path;
  return operation;
}

const std::vector<Row> kRefused{
    {"Form",
     [](auto& building, auto&, auto&) -> std::vector<Operation> {
       return {create("unit", {{"building_id", building}, {"number", "4 1"}, {"floor", 4}})};
     },
     "format number, unknown floor"},
    {"Missing", [](auto&, auto&, auto&) -> std::vector<Operation> { return {create("unit", Json::object())}; },
     "required building_id, required number"},
    {"FieldsOfAnotherType",
     [](auto&, auto&, auto&) -> std::vector<Operation> { return {create("unit", Json::array())}; }, "type "},
    {"Duplicate",
     [](auto& building, auto&, auto&) -> std::vector<Operation> {
       return {create("unit", {{"building_id", building}, {"number", "401"}})};
     },
     "duplicate number"},
    {"FormAndRelation",
     [](auto&, auto&, auto&) -> std::vector<Operation> {
       return {create("unit", {{"building_id", kFreeId}, {"number", "4 1"}})};
     },
     "format number, not_found building_id"},
    {"EveryOperation",
     [](auto& building, auto&, auto&) -> std::vector<Operation> {
       return {placed(create("unit", {{"building_id", building}, {"number", "4 1"}}), "operations[0]"),
               placed(create("unit", {{"building_id", building}, {"number", "401"}}), "operations[1]"),
               placed(remove("unit", kFreeId), "operations[2]")};
     },
     "duplicate operations[1].fields.number, format operations[0].fields.number, not_found operations[2].id"},
    {"ChildOfAnObjectThatIsBad",
     [](auto& building, auto&, auto&) -> std::vector<Operation> {
       return {placed(create("unit", {{"building_id", building}, {"number", ""}}, kFreeId), "operations[0]"),
               placed(create("account",
                             {{"owner", {{"type", "unit"}, {"id", kFreeId}}}, {"kind", "panel"}, {"username", "x"}}),
                      "operations[1]")};
     },
     "length operations[0].fields.number"},
    {"IdInUse",
     [](auto& building, auto& unit, auto&) -> std::vector<Operation> {
       return {create("unit", {{"building_id", building}, {"number", "7"}}, unit)};
     },
     "duplicate id"},
    {"IdOfAnotherNoun",
     [](auto& building, auto&, auto&) -> std::vector<Operation> {
       return {create("unit", {{"building_id", building}, {"number", "7"}}, building)};
     },
     "duplicate id"},
    {"IdOfNoForm",
     [](auto& building, auto&, auto&) -> std::vector<Operation> {
       return {create("unit", {{"building_id", building}, {"number", "7"}}, "seven")};
     },
     "format id"},
    {"IdChanged",
     [](auto&, auto& unit, auto&) -> std::vector<Operation> {
       return {update("unit", unit, {{"id", kFreeId}})};
     },
     "unknown id"},
    {"PasswordTooShort",
     [](auto&, auto&, auto& hall) -> std::vector<Operation> {
       return {with_password(update("account", hall, Json::object()), "short")};
     },
     "length password"},
    {"PasswordOfAnotherType",
     [](auto&, auto&, auto& hall) -> std::vector<Operation> {
       return {with_password(update("account", hall, Json::object()), 12345678)};
     },
     "type password"},
    {"PasswordWithControlCharacters",
     [](auto&, auto&, auto& hall) -> std::vector<Operation> {
       return {with_password(update("account", hall, Json::object()), "line\nline")};
     },
     "format password"},
    {"CredentialsAsFields",
     [](auto&, auto&, auto& hall) -> std::vector<Operation> {
       return {update("account", hall, {{"ha1_md5", std::string(32, '0')}})};
     },
     "unknown ha1_md5"},
};

class Refused : public DirectoryTest, public testing::WithParamInterface<Row> {};

TEST_P(Refused, NamesTheFieldsAndLeavesNothingBehind) {
  const model::Objects before = objects();
  const Revision revision = directory->revision();
  const auto refused = apply(GetParam().operations(building, unit, hall));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, model::ErrorCode::invalid);
  EXPECT_EQ(fields_of(refused.error()), GetParam().fields);
  EXPECT_FALSE(refused.error().message.empty());
  EXPECT_EQ(objects(), before);
  EXPECT_EQ(directory->revision(), revision);
  reopen();
  EXPECT_EQ(objects(), before);
}

INSTANTIATE_TEST_SUITE_P(Rows, Refused, testing::ValuesIn(kRefused), row_name);

TEST_F(Change, OfWhatIsNotThereIsNotFound) {
  for (const Operation& operation : {update("unit", kFreeId, {{"name", "x"}}), remove("unit", kFreeId),
                                     update("unit", hall, {{"name", "x"}}), remove("unit", "no id")}) {
    const auto refused = apply({operation});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, model::ErrorCode::not_found);
    EXPECT_THAT(refused.error().fields, IsEmpty());
  }
}

TEST_F(Change, NeedsAnActor) {
  for (const std::string& actor : {std::string(), std::string("line\nline"), std::string(101, 'a')}) {
    const auto refused = directory->apply({update("unit", unit, {{"name", "x"}})}, actor);
    ASSERT_FALSE(refused);
    EXPECT_EQ(fields_of(refused.error()), "format actor");
  }
}

}  // namespace
}  // namespace neolia::store

// SPDX-License-Identifier: Apache-2.0
#include "store/operation.hpp"

#include "model/rows.hpp"
#include "store/estate.hpp"

namespace neolia::store {
namespace {

TEST(Operations, AreRead) {
  const auto read = read_operations({{{"operation", "create"}, {"noun", "site"}, {"fields", {{"name", "S"}}}},
                                     {{"operation", "delete"}, {"noun", "account"}, {"id", "x"}},
                                     {{"operation", "update"}, {"noun", "account"}, {"id", "y"}, {"password", "p"}}});
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 3U);
  EXPECT_EQ(read->at(0).fields["name"], "S");
  EXPECT_EQ(read->at(1).kind, OperationKind::remove);
  EXPECT_EQ(read->at(1).path, "operations[1]");
  EXPECT_EQ(read->at(2).password, "p");
}

struct Row {
  const char* name;
  Json operations;
  const char* fields;
};

const std::vector<Row> kRefused{
    {"NoList", {{"operation", "create"}}, "type operations"},
    {"NoObject", Json::array({1}), "type operations[0]"},
    {"Nothing", Json::array({Json::object()}), "format operations[0].noun, format operations[0].operation"},
    {"UnknownWords", Json::array({{{"operation", "replace"}, {"noun", "lift"}}}),
     "format operations[0].noun, format operations[0].operation"},
    {"Plural", Json::array({{{"operation", "create"}, {"noun", "units"}}}), "format operations[0].noun"},
    {"Types", Json::array({{{"operation", 1}, {"noun", "unit"}, {"id", 7}}}),
     "format operations[0].operation, type operations[0].id, type operations[0].operation"},
    {"NoId", Json::array({{{"operation", "update"}, {"noun", "unit"}}}), "required operations[0].id"},
    {"FieldsOfADelete",
     Json::array({{{"operation", "delete"}, {"noun", "unit"}, {"id", "x"}, {"fields", Json::object()}}}),
     "unknown operations[0].fields"},
    {"PasswordOfAUnit", Json::array({{{"operation", "create"}, {"noun", "unit"}, {"password", "correct horse"}}}),
     "unknown operations[0].password"},
    {"PasswordOfADelete",
     Json::array({{{"operation", "delete"}, {"noun", "account"}, {"id", "x"}, {"password", "correct horse"}}}),
     "unknown operations[0].password"},
    {"UnknownMember", Json::array({{{"operation", "create"}, {"noun", "unit"}, {"actor", "me"}}}),
     "unknown operations[0].actor"},
    {"TooMany", Json(std::vector<Json>(10'001, Json::object())), "too_many operations"},
};

class RefusedOperations : public testing::TestWithParam<Row> {};

TEST_P(RefusedOperations, AreNamed) {
  const auto refused = read_operations(GetParam().operations);
  ASSERT_FALSE(refused);
  EXPECT_EQ(fields_of(refused.error()), GetParam().fields);
}

INSTANTIATE_TEST_SUITE_P(Rows, RefusedOperations, testing::ValuesIn(kRefused), row_name);

}  // namespace
}  // namespace neolia::store

// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/body.hpp"

#include <gtest/gtest.h>

namespace neolia::gateway::api {
namespace {

model::Json refused_fields(std::string text) {
  net::Request request;
  request.body = std::move(text);
  Body body(request);
  static_cast<void>(body.text("name"));
  static_cast<void>(body.number("seconds", 1, 60, 30));
  const auto refusal = body.refusal();
  return refusal ? model::Json::parse(refusal->body)["fields"] : model::Json();
}

TEST(Body, TakesKnownFields) { EXPECT_TRUE(refused_fields(R"({"name": "a", "seconds": 60})").is_null()); }

TEST(Body, NamesTheBadField) {
  EXPECT_EQ(refused_fields(R"({"name": 1})")[0]["path"], "name");
  EXPECT_EQ(refused_fields(R"({"name": "a", "seconds": 18446744073709551615})")[0]["code"], "range");
  EXPECT_EQ(refused_fields(R"({"name": "a", "secnods": 1})")[0]["path"], "secnods");
}

TEST(Body, AnUnknownNameIsRepeatedOnlyWhenItIsAName) {
  for (const char* name : {"a b", "é", "\\u0000", "<script>", ""}) {
    EXPECT_EQ(refused_fields("{\"name\": \"a\", \"" + std::string(name) + "\": 1}")[0]["path"], "?") << name;
  }
}

}  // namespace
}  // namespace neolia::gateway::api

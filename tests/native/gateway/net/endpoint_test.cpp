// SPDX-License-Identifier: Apache-2.0
#include "gateway/net/endpoint.hpp"

#include <gmock/gmock.h>

#include "gateway/net/token.hpp"

namespace neolia::gateway::net {
namespace {

struct TargetRow {
  const char* name;
  std::string target;
  std::optional<std::pair<std::string, Query>> parsed;
};

class Target : public testing::TestWithParam<TargetRow> {};

TEST_P(Target, IsDecodedOrRefused) { EXPECT_EQ(parse_target(GetParam().target), GetParam().parsed); }

INSTANTIATE_TEST_SUITE_P(
    Rows, Target,
    testing::Values(TargetRow{"path", "/v1/status", {{"/v1/status", {}}}},
                    TargetRow{"query", "/a?b=c%20d&e=", {{"/a", {{"b", "c d"}, {"e", ""}}}}},
                    TargetRow{"last_counts", "/a?b=1&b=2", {{"/a", {{"b", "2"}}}}},
                    TargetRow{"encoded_path_is_another_path", "/v1%2Fstatus", {{"/v1%2Fstatus", {}}}},
                    TargetRow{"bad_escape", "/a?b=%zz", std::nullopt}, TargetRow{"no_slash", "a", std::nullopt},
                    TargetRow{"empty", "", std::nullopt}, TargetRow{"absolute", "http://h/a", std::nullopt},
                    TargetRow{"space", "/a b", std::nullopt}),
    [](const auto& row) { return row.param.name; });

Endpoints three() {
  return {{http::verb::get, "/a", Access::open, Answer()},
          {http::verb::put, "/a", Access::token, Answer()},
          {http::verb::get, "/b", Access::token, Answer()}};
}

TEST(FindEndpoint, ByMethodAndPath) {
  const auto endpoints = three();
  EXPECT_EQ(find_endpoint(endpoints, http::verb::put, "/a")->endpoint, &endpoints[1]);
}

struct PathRow {
  const char* name;
  std::string_view path;
  std::optional<Parameters> parameters;
};

class PathRows : public testing::TestWithParam<PathRow> {};

TEST_P(PathRows, PlacesTakeOneSegment) {
  const Endpoints endpoints{{http::verb::get, "/calls/{call_id}/media/{part}", Access::token, Answer()}};
  const auto found = find_endpoint(endpoints, http::verb::get, GetParam().path);
  EXPECT_EQ(found ? std::optional(found->parameters) : std::nullopt, GetParam().parameters);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PathRows,
    testing::Values(PathRow{"both", "/calls/1.a/media/2", Parameters{{"call_id", "1.a"}, {"part", "2"}}},
                    PathRow{"not_decoded", "/calls/%2F/media/2", Parameters{{"call_id", "%2F"}, {"part", "2"}}},
                    PathRow{"empty_segment", "/calls//media/2", std::nullopt},
                    PathRow{"empty_last_segment", "/calls/1/media/", std::nullopt},
                    PathRow{"other_word", "/calls/1/text/2", std::nullopt},
                    PathRow{"shorter", "/calls/1/media", std::nullopt},
                    PathRow{"longer", "/calls/1/media/2/3", std::nullopt}),
    [](const auto& row) { return row.param.name; });

TEST(FindEndpoint, APathWithoutPlacesGoesFirst) {
  const Endpoints endpoints{{http::verb::get, "/a/b", Access::token, Answer()},
                            {http::verb::get, "/a/{c}", Access::token, Answer()},
                            {http::verb::delete_, "/a/{c}", Access::token, Answer()}};
  EXPECT_EQ(find_endpoint(endpoints, http::verb::get, "/a/b")->endpoint, endpoints.data());
  EXPECT_EQ(find_endpoint(endpoints, http::verb::delete_, "/a/b")->endpoint, &endpoints[2]);
  EXPECT_EQ(find_endpoint(endpoints, http::verb::put, "/a/x").error().headers[0].second, "GET, DELETE");
}

TEST(FindEndpoint, UnknownPathIs404) {
  const auto endpoints = three();
  EXPECT_EQ(find_endpoint(endpoints, http::verb::get, "/c").error().status, http::status::not_found);
}

TEST(FindEndpoint, WrongMethodTellsTheRightOnes) {
  const auto endpoints = three();
  const auto response = find_endpoint(endpoints, http::verb::delete_, "/a").error();
  EXPECT_EQ(response.status, http::status::method_not_allowed);
  ASSERT_EQ(response.headers.size(), 1U);
  EXPECT_EQ(response.headers[0], std::pair(http::field::allow, std::string("GET, PUT")));
}

TEST(ErrorResponse, NamesFields) {
  const auto response = error_response(http::status::bad_request, "invalid", "no",
                                       {{model::FieldCode::type, "a[1].b", "must be a text"}});
  EXPECT_EQ(model::Json::parse(response.body), model::Json::parse(R"({"code": "invalid", "message": "no",
                                   "fields": [{"code": "type", "path": "a[1].b", "message": "must be a text"}]})"));
}

TEST(JsonResponse, BytesThatAreNoTextAreReplaced) {
  EXPECT_TRUE(model::Json::accept(json_response(http::status::ok, {{"a", "\xff\xfe"}}).body));
}

struct TokenRow {
  const char* name;
  std::string authorization;
  bool matches;
};

class TokenRows : public testing::TestWithParam<TokenRow> {};

TEST_P(TokenRows, OnlyTheWholeTokenMatches) {
  EXPECT_EQ(Token("0123456789abcdef").matches(GetParam().authorization), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(Rows, TokenRows,
                         testing::Values(TokenRow{"right", "Bearer 0123456789abcdef", true},
                                         TokenRow{"scheme_has_no_case", "bearer 0123456789abcdef", true},
                                         TokenRow{"none", "", false}, TokenRow{"scheme_only", "Bearer ", false},
                                         TokenRow{"prefix", "Bearer 0123456789abcde", false},
                                         TokenRow{"longer", "Bearer 0123456789abcdef0", false},
                                         TokenRow{"case", "Bearer 0123456789ABCDEF", false},
                                         TokenRow{"basic", "Basic 0123456789abcdef", false},
                                         TokenRow{"bare", "0123456789abcdef", false},
                                         TokenRow{"nul", std::string("Bearer 0123456789abcdef\0", 24), false}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace neolia::gateway::net

// SPDX-License-Identifier: Apache-2.0
#include "gateway/log.hpp"

#include <gmock/gmock.h>

namespace neolia::gateway::log {
namespace {

struct Row {
  const char* name;
  std::string value;
  std::string written;
};

class LogValue : public testing::TestWithParam<Row> {};

TEST_P(LogValue, IsOneHarmlessWord) {
  EXPECT_EQ(format(Level::info, "message", {{"key", GetParam().value}}), "info message key=" + GetParam().written);
}

INSTANTIATE_TEST_SUITE_P(Rows, LogValue,
                         testing::Values(Row{"plain", "abc-1", "abc-1"}, Row{"empty", "", "\"\""},
                                         Row{"space", "a b", "\"a b\""}, Row{"quote", "a\"b", "\"a\\\"b\""},
                                         Row{"line", "a\ninfo forged", "\"a\\x0ainfo forged\""},
                                         Row{"escape", "\x1b[31m", "\"\\x1b[31m\""},
                                         Row{"nul", std::string("a\0b", 3), "\"a\\x00b\""}),
                         [](const auto& row) { return row.param.name; });

TEST(Log, LongValuesAreCut) {
  const auto line = format(Level::error, "m", {{"k", std::string(5000, 'x')}});
  EXPECT_LT(line.size(), 400U);
  EXPECT_THAT(line, testing::HasSubstr("..."));
}

TEST(Log, LevelsHaveNames) {
  EXPECT_EQ(level_from("warning"), Level::warning);
  EXPECT_EQ(level_from("loud"), std::nullopt);
}

}  // namespace
}  // namespace neolia::gateway::log

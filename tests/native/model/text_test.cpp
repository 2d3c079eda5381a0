// SPDX-License-Identifier: Apache-2.0
#include "model/text.hpp"

#include <gtest/gtest.h>

#include "model/rows.hpp"

namespace neolia::model {
namespace {

using namespace std::string_view_literals;

struct Row {
  const char* name;
  std::string_view text;
  std::optional<std::size_t> characters;
};

class CountPrintable : public testing::TestWithParam<Row> {};

TEST_P(CountPrintable, CountsOrRefuses) { EXPECT_EQ(count_printable(GetParam().text), GetParam().characters); }

INSTANTIATE_TEST_SUITE_P(Rows, CountPrintable,
                         testing::Values(Row{"empty", "", 0}, Row{"ascii", "Unit 401", 8}, Row{"two_bytes", "Tür", 3},
                                         Row{"three_bytes", "门铃", 2}, Row{"four_bytes", "🔔", 1},
                                         Row{"largest", "\xF4\x8F\xBF\xBF", 1},
                                         Row{"past_the_largest", "\xF4\x90\x80\x80", std::nullopt},
                                         Row{"five_bytes", "\xF8\x88\x80\x80\x80", std::nullopt},
                                         Row{"overlong_slash", "\xC0\xAF", std::nullopt},
                                         Row{"overlong_three_bytes", "\xE0\x80\xAF", std::nullopt},
                                         Row{"overlong_four_bytes", "\xF0\x80\x80\xAF", std::nullopt},
                                         Row{"surrogate", "\xED\xA0\x80", std::nullopt},
                                         Row{"cut_short", "T\xC3", std::nullopt},
                                         Row{"lone_continuation", "\xBC", std::nullopt},
                                         Row{"latin_1", "T\xFCr", std::nullopt}, Row{"nul", "a\0b"sv, std::nullopt},
                                         Row{"newline", "a\nb", std::nullopt}, Row{"delete", "a\x7F", std::nullopt},
                                         Row{"c1_control", "a\xC2\x85", std::nullopt}, Row{"after_c1", "\xC2\xA0", 1}),
                         row_name);

struct TrimRow {
  const char* name;
  std::string_view text;
  std::string_view trimmed;
};

class Trim : public testing::TestWithParam<TrimRow> {};

TEST_P(Trim, TakesSpaceOffBothEnds) { EXPECT_EQ(trim(GetParam().text), GetParam().trimmed); }

INSTANTIATE_TEST_SUITE_P(Rows, Trim,
                         testing::Values(TrimRow{"nothing_to_do", "a b", "a b"},
                                         TrimRow{"both_ends", " \t a b\r\n", "a b"}, TrimRow{"only_space", " \n ", ""},
                                         TrimRow{"empty", "", ""}),
                         row_name);

}  // namespace
}  // namespace neolia::model

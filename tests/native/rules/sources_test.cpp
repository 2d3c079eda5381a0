// SPDX-License-Identifier: Apache-2.0
#include "rules/sources.hpp"

#include <string>

#include <fnmatch.h>
#include <gtest/gtest.h>

#include "model/rows.hpp"
#include "model/seeded.hpp"

namespace neolia::rules {
namespace {

struct Row {
  const char* name;
  std::string glob;
  std::string text;
  bool matches;
};

class Glob : public testing::TestWithParam<Row> {};

TEST_P(Glob, Decides) { EXPECT_EQ(matches_glob(GetParam().glob, GetParam().text), GetParam().matches); }

std::string stars(int count) {
  std::string glob;
  for (int i = 0; i < count; ++i) glob += "*a";
  return glob;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Glob,
    testing::Values(Row{"same", "door", "door", true}, Row{"longer", "door", "door-1", false},
                    Row{"shorter", "door-1", "door", false}, Row{"star_at_the_end", "door*", "door", true},
                    Row{"star_at_the_start", "*-1", "door-1", true}, Row{"star_inside", "d*1", "door-1", true},
                    Row{"stars_side_by_side", "d**1", "d1", true}, Row{"star_goes_back", "*ab", "aab", true},
                    Row{"question_mark", "doo?", "door", true}, Row{"question_mark_needs_one", "door?", "door", false},
                    Row{"star_alone", "*", "", true}, Row{"empty", "", "", true},
                    Row{"dot_is_a_dot", "a.b", "axb", false}, Row{"leading_dot", "*", ".a", true},
                    Row{"many_stars_end_soon", stars(32) + "b", std::string(64, 'a'), false}),
    row_name);

class RandomGlob : public Seeded {};

TEST_F(RandomGlob, AgreesWithTheLibraryThatKamailioUses) {
  const auto text = [&](std::string_view alphabet) {
    std::string made;
    for (int i = pick(random(), 0, 8); i > 0; --i) made += pick_from(random(), alphabet);
    return made;
  };
  int matching = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::string glob = text("ab.-**?");
    const std::string username = text("ab.-_");
    const bool expected = fnmatch(glob.c_str(), username.c_str(), 0) == 0;
    ASSERT_EQ(matches_glob(glob, username), expected) << glob << " " << username;
    matching += expected ? 1 : 0;
  }
  EXPECT_GT(matching, 1000);
}

}  // namespace
}  // namespace neolia::rules

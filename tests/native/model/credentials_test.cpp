// SPDX-License-Identifier: Apache-2.0
#include "model/credentials.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace neolia::model {
namespace {

TEST(MakeCredentials, GivesTheExampleOfRfc7616) {
  const Credentials made = make_credentials("Mufasa", "http-auth@example.org", "Circle of Life");
  EXPECT_EQ(made.ha1_md5, "3d78807defe7de2157e2b0b6573a855f");
  EXPECT_EQ(made.ha1_sha256, "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232");
}

TEST(MakePassword, Has130BitsInAnAlphabetWithoutLookAlikes) {
  const std::string password = make_password();
  EXPECT_EQ(password.size(), 26U);
  EXPECT_EQ(password.find_first_not_of("23456789abcdefghijkmnpqrstuvwxyz"), std::string::npos);
}

TEST(MakePassword, UsesAllOfTheAlphabetAndRepeatsNothing) {
  std::set<std::string> passwords;
  std::set<char> letters;
  for (int i = 0; i < 1000; ++i) {
    const std::string password = make_password();
    letters.insert(password.begin(), password.end());
    passwords.insert(password);
  }
  EXPECT_EQ(passwords.size(), 1000U);
  EXPECT_EQ(letters.size(), 32U);
}

}  // namespace
}  // namespace neolia::model

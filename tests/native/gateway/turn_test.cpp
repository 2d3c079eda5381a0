// SPDX-License-Identifier: Apache-2.0
#include "gateway/turn.hpp"

#include <gmock/gmock.h>

namespace neolia::gateway {
namespace {

TEST(TurnTest, TheServerCanCheckTheCredential) {
  const auto credentials = Turn({"turn:t.example:3478"}, "sharedsecret12345").make("panel-1", 1800000000);
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->username, "1800000000:panel-1");
  // printf %s 1800000000:panel-1 | openssl dgst -sha1 -hmac sharedsecret12345 -binary | base64
  EXPECT_EQ(credentials->credential, "QCAu8APNQtgX6EOaH0gc2lQxiYQ=");
  EXPECT_EQ(credentials->expires, 1800000000);
  EXPECT_THAT(credentials->urls, testing::ElementsAre("turn:t.example:3478"));
}

TEST(TurnTest, WithoutAServerThereIsNone) {
  EXPECT_FALSE(Turn({}, "").make("panel-1", 1));
  EXPECT_FALSE(Turn::from(Settings())->make("panel-1", 1));
}

TEST(TurnTest, TheSecretIsNeeded) {
  Settings settings;
  settings.turn_urls = "turn:t.example";
  settings.turn_secret_file = "/does/not/exist";
  const auto turn = Turn::from(settings);
  ASSERT_FALSE(turn);
  EXPECT_THAT(turn.error().message, testing::HasSubstr("turn_secret_file /does/not/exist"));
}

}  // namespace
}  // namespace neolia::gateway

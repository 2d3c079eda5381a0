// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/test_calls.hpp"

#include <gmock/gmock.h>

#include "gateway/media/fake_agent.hpp"

namespace neolia::gateway::media {
namespace {

using testing::ElementsAre;

class TestCallsTest : public testing::Test {
 protected:
  std::optional<std::string> place(const std::string& account_id) {
    return tests_.place(account_id, {"door", "session+1", "secret", "home.example", "401"}, [this] { ++over_; });
  }

  asio::io_context context_;
  FakeAgent agent_;
  TestCalls tests_{context_, agent_, std::chrono::milliseconds(1)};
  int over_ = 0;
};

TEST_F(TestCallsTest, OneAtATimeForEachAccount) {
  EXPECT_EQ(place("A"), "call-1");
  EXPECT_EQ(place("A"), std::nullopt);
  EXPECT_EQ(place("B"), "call-2");
  tests_.on_end(1);
  EXPECT_EQ(over_, 1);
  EXPECT_EQ(place("A"), "call-3");
}

TEST_F(TestCallsTest, AnAnsweredOneIsHungUp) {
  place("A");
  tests_.on_established(1);
  context_.run();
  EXPECT_THAT(agent_.commands, ElementsAre("place 401 1", "hang up 1"));
}

TEST_F(TestCallsTest, OneThatEndsFirstIsLeftAlone) {
  place("A");
  tests_.on_established(1);
  tests_.on_end(1);
  context_.run();
  EXPECT_THAT(agent_.commands, ElementsAre("place 401 1"));
}

TEST_F(TestCallsTest, AStopEndsThemAll) {
  place("A");
  place("B");
  tests_.stop();
  EXPECT_THAT(agent_.commands, ElementsAre("place 401 1", "place 401 2", "hang up 1", "hang up 2"));
}

TEST_F(TestCallsTest, OtherCallsAreNotItsBusiness) {
  tests_.on_established(7);
  tests_.on_end(7);
  EXPECT_EQ(over_, 0);
}

}  // namespace
}  // namespace neolia::gateway::media

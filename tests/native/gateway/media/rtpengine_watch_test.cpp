// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/rtpengine_watch.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "gateway/media/fake_rtpengine.hpp"

namespace neolia::gateway::media {
namespace {

/// What a watch tells of these answers.
std::vector<bool> changes(std::deque<bool> pings) {
  asio::io_context context;
  FakeRtpEngine engine;
  std::vector<bool> told;
  engine.pings = std::move(pings);
  engine.on_empty = [&] { context.stop(); };
  RtpEngineWatch watch(
      engine, [&](bool up) { told.push_back(up); }, std::chrono::milliseconds(0));
  asio::co_spawn(context, watch.run(), asio::detached);
  context.run();
  return told;
}

TEST(RtpEngineWatch, OneAnswerIsUp) { EXPECT_THAT(changes({false, true}), testing::ElementsAre(true)); }
TEST(RtpEngineWatch, NothingIsKnownAtFirst) { EXPECT_THAT(changes({false, false}), testing::IsEmpty()); }
TEST(RtpEngineWatch, ThreeMissesAreDown) {
  EXPECT_THAT(changes({true, false, false, false, false}), testing::ElementsAre(true, false));
}
TEST(RtpEngineWatch, MissesCountInARow) {
  EXPECT_THAT(changes({true, false, false, true, false, false}), testing::ElementsAre(true));
}
TEST(RtpEngineWatch, ItComesBack) {
  EXPECT_THAT(changes({false, false, false, true}), testing::ElementsAre(false, true));
}

}  // namespace
}  // namespace neolia::gateway::media

// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/event_feed.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace neolia::gateway::api {
namespace {

namespace asio = boost::asio;

std::vector<state::LoggedEvent> events(std::int64_t first, std::int64_t last) {
  std::vector<state::LoggedEvent> list;
  for (auto number = first; number <= last; ++number) list.push_back({number, R"({"type":"ended"})"});
  return list;
}

TEST(EventFeed, KeepsTheNewest) {
  EventFeed feed("S", 5, 3);
  EXPECT_EQ(feed.last(), 5);
  EXPECT_EQ(feed.message(5), nullptr);
  feed.publish(events(6, 10));
  EXPECT_EQ(feed.last(), 10);
  EXPECT_EQ(feed.message(7), nullptr);
  ASSERT_NE(feed.message(8), nullptr);
  EXPECT_EQ(*feed.message(10), R"({"type":"event","stream":"S","number":10,"event":{"type":"ended"}})");
  EXPECT_EQ(feed.message(11), nullptr);
}

asio::awaitable<void> wait_once(EventFeed::Waiter& waiter, int& woken) {
  co_await waiter.wait();
  ++woken;
}

TEST(EventFeed, WakesWhoeverWaits) {
  asio::io_context context;
  EventFeed feed("S", 0, 3);
  int woken = 0;
  EventFeed::Waiter first(feed, context.get_executor());
  EventFeed::Waiter second(feed, context.get_executor());
  asio::co_spawn(context, wait_once(first, woken), asio::detached);
  asio::co_spawn(context, wait_once(second, woken), asio::detached);
  context.poll();
  EXPECT_EQ(woken, 0);
  feed.publish(events(1, 1));
  context.poll();
  EXPECT_EQ(woken, 2);
}

}  // namespace
}  // namespace neolia::gateway::api

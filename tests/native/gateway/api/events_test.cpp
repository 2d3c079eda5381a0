// SPDX-License-Identifier: Apache-2.0
// What a WebSocket of /v1/events is given, without the WebSocket.
#include "gateway/api/events.hpp"

#include <gmock/gmock.h>

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "gateway/example.hpp"
#include "gateway/state/data_folder.hpp"

namespace neolia::gateway::api {
namespace {

using model::Json;
using Next = tl::expected<net::Messages::Message, net::CloseReason>;

using Taken = std::shared_ptr<std::optional<Next>>;

asio::awaitable<void> take(net::Messages& messages, Taken taken) { *taken = co_await messages.next(); }

class EventsTest : public testing::Test {
 protected:
  EventsTest() {
    EXPECT_TRUE(log_.append(std::vector<std::string>(500, R"({"type":"ended"})"), {1, 500}));
    feed_.emplace(log_.stream(), log_.last(), 10);
  }

  std::unique_ptr<net::Messages> open(const net::Query& query) {
    auto opened = subscribe(query);
    EXPECT_TRUE(opened);
    return opened ? std::move(*opened) : nullptr;
  }

  net::Subscription subscribe(const net::Query& query) {
    net::Request request;
    request.query = query;
    auto opened = asio::co_spawn(
        io_, api::events({board_, *feed_, io_.get_executor(), log_}, io_.get_executor())(std::move(request)),
        asio::use_future);
    poll();
    return opened.get();
  }

  /// Empty inside until there is something to take.
  Taken begin_next(net::Messages& messages) {
    auto taken = std::make_shared<std::optional<Next>>();
    asio::co_spawn(io_, take(messages, taken), asio::detached);
    poll();
    return taken;
  }

  std::optional<Next> next(net::Messages& messages) { return *begin_next(messages); }

  void poll() {
    io_.restart();
    io_.poll();
  }

  std::int64_t next_number(net::Messages& messages) {
    const auto taken = next(messages);
    return taken && *taken ? Json::parse(***taken).value("number", std::int64_t{-1}) : -2;
  }

  void publish(int count) {
    feed_->publish(
        log_.append(std::vector<std::string>(static_cast<std::size_t>(count), R"({"type":"ended"})"), {1, 501})
            .value());
  }

  net::Query cursor(std::int64_t after) { return {{"stream", log_.stream()}, {"after", std::to_string(after)}}; }

  Folder folder_;
  model::Result<state::DataFolder> data_ = state::DataFolder::open(folder_.path());
  asio::io_context io_;
  state::EventLog log_ = std::move(state::EventLog::open(data_->gateway_file(), 1000).value());
  kamailio::StatusBoard board_;
  std::optional<EventFeed> feed_;
};

TEST_F(EventsTest, HelloComesFirst) {
  const auto messages = open({});
  const auto hello = next(*messages);
  ASSERT_TRUE(hello && *hello);
  EXPECT_EQ(Json::parse(***hello),
            Json({{"type", "hello"}, {"stream", log_.stream()}, {"last", 500}, {"directory_id", nullptr}}));
}

TEST_F(EventsTest, BacklogThenLiveWithoutGapOrRepeat) {
  const auto messages = open(cursor(0));
  next(*messages);
  for (std::int64_t number = 1; number <= 500; ++number) ASSERT_EQ(next_number(*messages), number);
  const auto waiting = begin_next(*messages);
  EXPECT_FALSE(*waiting);
  publish(3);
  poll();
  ASSERT_TRUE(*waiting && **waiting);
  EXPECT_EQ(Json::parse(****waiting)["number"], 501);
  EXPECT_EQ(next_number(*messages), 502);
  EXPECT_EQ(next_number(*messages), 503);
}

TEST_F(EventsTest, BeginsAfterTheCursor) {
  const auto messages = open(cursor(497));
  next(*messages);
  EXPECT_EQ(next_number(*messages), 498);
}

TEST_F(EventsTest, ACursorOfAnotherStreamBeginsAtTheBeginning) {
  for (const net::Query& query :
       {net::Query{{"stream", "other"}, {"after", "400"}}, net::Query{{"after", "400"}}, net::Query{}}) {
    const auto messages = open(query);
    next(*messages);
    EXPECT_EQ(next_number(*messages), 1);
  }
}

TEST_F(EventsTest, ACursorAheadWaitsForTheNext) {
  const auto messages = open(cursor(9999));
  next(*messages);
  publish(1);
  EXPECT_EQ(next_number(*messages), 501);
}

TEST_F(EventsTest, ASlowReaderIsToldToGo) {
  const auto messages = open(cursor(499));
  next(*messages);
  EXPECT_EQ(next_number(*messages), 500);
  const auto waiting = begin_next(*messages);
  publish(1);
  poll();
  ASSERT_TRUE(*waiting && **waiting);
  publish(11);  // one more than the feed keeps
  const auto closed = next(*messages);
  ASSERT_TRUE(closed && !*closed);
  EXPECT_EQ(closed->error(), net::CloseReason::too_slow);
}

TEST_F(EventsTest, StopEndsTheWait) {
  const auto messages = open(cursor(500));
  next(*messages);
  const auto waiting = begin_next(*messages);
  EXPECT_FALSE(*waiting);
  messages->stop();
  poll();
  ASSERT_TRUE(*waiting && !**waiting);
  EXPECT_EQ((*waiting)->error(), net::CloseReason::going_away);
}

TEST_F(EventsTest, BadCursorsAreRefused) {
  for (const char* after : {"", "x", "-1", "-0", "1.5", "99999999999999999999", " 1", "1 "}) {
    const auto opened = subscribe({{"stream", log_.stream()}, {"after", after}});
    ASSERT_FALSE(opened) << after;
    EXPECT_EQ(opened.error().status, net::http::status::bad_request) << after;
  }
}

}  // namespace
}  // namespace neolia::gateway::api

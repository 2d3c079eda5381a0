// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/ng_client.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <functional>

namespace neolia::gateway::media {
namespace {

using asio::ip::udp;

/// An RTPEngine on the loopback; `answer` makes the reply to a command, or none.
class NgClientTest : public testing::Test {
 protected:
  NgClientTest() {
    EXPECT_TRUE(client_.open());
    listen();
  }

  template <typename Work>
  auto run(Work work) {
    auto result = asio::co_spawn(context_, std::move(work), asio::use_future);
    while (result.wait_for(std::chrono::seconds(0)) != std::future_status::ready) context_.run_one();
    return result.get();
  }
  auto play() { return run(client_.play({"call", "tag"}, "/greeting.wav")); }

  asio::io_context context_;
  udp::socket server_{context_, {asio::ip::address_v4::loopback(), 0}};
  NgClient client_{context_, server_.local_endpoint()};
  std::vector<std::string> cookies_;
  std::vector<model::Json> commands_;
  std::function<std::optional<std::string>()> answer_ = [] { return R"({"result":"ok","duration":2400})"; };

 private:
  void listen() {
    server_.async_receive_from(asio::buffer(received_), from_,
                               [this](boost::system::error_code error, std::size_t size) {
                                 if (error) return;
                                 const std::string text(received_.data(), size);
                                 cookies_.push_back(text.substr(0, text.find(' ')));
                                 commands_.push_back(model::Json::parse(text.substr(text.find(' '))));
                                 if (const auto answer = answer_())
                                   server_.send_to(asio::buffer(cookies_.back() + " " + *answer), from_);
                                 listen();
                               });
  }

  std::array<char, 4096> received_{};
  udp::endpoint from_;
};

TEST_F(NgClientTest, PlaysAFileToAParty) {
  EXPECT_EQ(play(), std::chrono::milliseconds(2400));
  EXPECT_EQ(commands_.at(0), model::Json::parse(R"({"command":"play media","call-id":"call","from-tag":"tag",
                                                    "file":"/greeting.wav"})"));
}

TEST_F(NgClientTest, Pings) {
  answer_ = [] { return R"({"result":"pong"})"; };
  EXPECT_TRUE(run(client_.ping()));
}

TEST_F(NgClientTest, AsksAgainWithAnotherCookie) {
  answer_ = [this]() -> std::optional<std::string> {
    if (cookies_.size() == 1) return std::nullopt;
    return R"({"result":"ok","duration":1})";
  };
  EXPECT_TRUE(play());
  ASSERT_EQ(cookies_.size(), 2U);
  EXPECT_NE(cookies_[0], cookies_[1]);
}

TEST_F(NgClientTest, ARefusalSaysWhy) {
  answer_ = [] { return R"({"result":"error","error-reason":"Unknown call-id"})"; };
  EXPECT_THAT(play().error(), testing::HasSubstr("Unknown call-id"));
}

TEST_F(NgClientTest, NobodyThereIsNoAnswer) {
  server_.close();
  EXPECT_FALSE(run(client_.ping()));
  EXPECT_FALSE(play());
}

TEST_F(NgClientTest, WhatIsNoAnswerIsRefused) {
  for (const char* answer : {"d6:result4:ponge", "{}", "[]", R"({"result":"ok"})", R"({"result":"ok","duration":-1})",
                             R"({"result":"ok","duration":"long"})", R"({"result":"ok","duration":99999999})"}) {
    answer_ = [answer] { return answer; };
    EXPECT_FALSE(play()) << answer;
  }
}

}  // namespace
}  // namespace neolia::gateway::media

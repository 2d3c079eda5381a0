// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/datagram_rpc.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <functional>
#include <system_error>
#include <thread>

#include "gateway/example.hpp"

namespace neolia::gateway::kamailio {
namespace {

using model::Json;
using testing::HasSubstr;
using Kind = RpcError::Kind;
using std::chrono::milliseconds;

/// A datagram socket that answers each request with texts made from its id; as Kamailio without waiting, and not to a
/// sender without a name.
class Server {
 public:
  using Answers = std::function<std::vector<std::string>(const Json& request)>;

  Server(const std::string& path, Answers answers)
      : socket_(::socket(AF_UNIX, SOCK_DGRAM, 0)), answers_(std::move(answers)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    const timeval poll{0, 20000};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &poll, sizeof poll);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }
  [[nodiscard]] int failed_answers() const { return failed_answers_; }

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    thread_ = {};
    ::close(socket_);
  }

 private:
  void serve(const std::stop_token& stop) {
    std::string buffer(65536, '\0');
    while (!stop.stop_requested()) {
      sockaddr_un from{};
      socklen_t length = sizeof from;
      auto* const peer = reinterpret_cast<sockaddr*>(&from);
      const auto size = ::recvfrom(socket_, buffer.data(), buffer.size(), 0, peer, &length);
      if (size < 0) continue;
      const auto request = Json::parse(buffer.substr(0, static_cast<std::size_t>(size)));
      for (const auto& answer : answers_(request)) send(answer, peer, length);
    }
  }

  void send(const std::string& answer, const sockaddr* peer, socklen_t length) {
    if (length == 0) return;
    if (::sendto(socket_, answer.data(), answer.size(), MSG_DONTWAIT, peer, length) < 0) ++failed_answers_;
  }

  int socket_;
  Answers answers_;
  std::atomic<int> failed_answers_ = 0;
  std::jthread thread_;
};

std::string result(const Json& id, const Json& value) {
  return Json{{"jsonrpc", "2.0"}, {"id", id}, {"result", value}}.dump();
}

class DatagramRpcTest : public testing::Test {
 protected:
  RpcResult<Json> call(Server::Answers answers, milliseconds patience = milliseconds(5000)) {
    const Server server(path_, std::move(answers));
    DatagramRpc rpc(path_, "test", patience);
    return rpc.call("core.version", Json::array({"x"}));
  }

  Folder folder_;
  std::string path_ = folder_.file("kamailio.sock");
};

TEST_F(DatagramRpcTest, AsksAndReads) {
  const auto reply = call([](const Json& request) {
    EXPECT_EQ(request["method"], "core.version");
    EXPECT_EQ(request["params"], Json({"x"}));
    return std::vector{result(request["id"], "5.6.3")};
  });
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(*reply, "5.6.3");
}

TEST_F(DatagramRpcTest, RepliesToOthersAndRubbishAreSkipped) {
  const auto reply = call([](const Json& request) {
    return std::vector<std::string>{"",
                                    "rubbish",
                                    "[]",
                                    R"({"id": "1"})",
                                    result(request["id"].get<int>() - 1, "late"),
                                    std::string(100000, 'x'),
                                    result(request["id"], "right")};
  });
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(*reply, "right");
}

TEST_F(DatagramRpcTest, BytesThatAreNoTextDoNotHideTheReply) {
  const auto reply = call([](const Json& request) {
    return std::vector<std::string>{R"({"id": )" + request["id"].dump() + ", \"result\": \"phone \xff\xfe\"}"};
  });
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(*reply, "phone ??");
}

TEST_F(DatagramRpcTest, ARefusalIsKamailiosOwnText) {
  const auto reply = call([](const Json& request) {
    return std::vector{Json{{"id", request["id"]}, {"error", {{"code", 500}, {"message", "No such htable"}}}}.dump()};
  });
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error(), (RpcError{Kind::refused, "No such htable"}));
}

TEST_F(DatagramRpcTest, ANotificationWaitsForNothing) {
  std::vector<std::string> heard;
  const auto reply = [&] {
    const Server server(path_, [&](const Json& request) {
      heard.push_back(request["method"]);
      return request.contains("id") ? std::vector{result(request["id"], "yes")} : std::vector<std::string>();
    });
    DatagramRpc rpc(path_, "test", milliseconds(5000));
    rpc.notify("htable.seti", Json::array({"sys", "acked", 1}));
    return rpc.call("core.version", Json::array());
  }();
  EXPECT_TRUE(reply);
  EXPECT_EQ(heard, (std::vector<std::string>{"htable.seti", "core.version"}));
  DatagramRpc(path_, "test", milliseconds(5000)).notify("nobody.hears", Json::array());
}

TEST_F(DatagramRpcTest, AnswersToNotificationsFillNoQueue) {
  const Server server(path_, [](const Json& request) { return std::vector{result(request.value("id", 0), "done")}; });
  DatagramRpc notifying(path_, "notifying", milliseconds(5000));
  DatagramRpc following(path_, "following", milliseconds(5000));
  for (int sent = 1; sent <= 50; ++sent) {
    notifying.notify("htable.seti", Json::array({"sys", "acked", sent}));
    ASSERT_TRUE(following.call("core.version", Json::array()));
  }
  EXPECT_EQ(server.failed_answers(), 0);
}

TEST_F(DatagramRpcTest, OneLostRequestIsAskedAgain) {
  int asked = 0;
  const auto reply = call(
      [&](const Json& request) {
        return ++asked == 1 ? std::vector<std::string>() : std::vector{result(request["id"], asked)};
      },
      milliseconds(2000));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(*reply, 2);
}

TEST_F(DatagramRpcTest, SilenceEnds) {
  const auto reply = call([](const Json&) { return std::vector<std::string>(); }, milliseconds(100));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, Kind::away);
  EXPECT_THAT(reply.error().message, HasSubstr("core.version"));
}

TEST_F(DatagramRpcTest, StopEndsTheWait) {
  const Server server(path_, [](const Json&) { return std::vector<std::string>(); });
  DatagramRpc rpc(path_, "test", std::chrono::hours(1));
  const std::jthread stopper([&] { rpc.stop(); });
  EXPECT_EQ(rpc.call("core.version", Json::array()).error().kind, Kind::away);
  EXPECT_EQ(rpc.call("core.version", Json::array()).error().kind, Kind::away);
}

TEST_F(DatagramRpcTest, NobodyThereIsAway) {
  DatagramRpc rpc(path_, "test", milliseconds(5000));
  const auto missing = rpc.call("core.version", Json::array());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, Kind::away);
  EXPECT_THAT(missing.error().message, HasSubstr(path_));
  {
    const Server gone(path_, [](const Json&) { return std::vector<std::string>(); });
  }
  EXPECT_EQ(rpc.call("core.version", Json::array()).error().kind, Kind::away);
}

TEST_F(DatagramRpcTest, ItsSocketIsPrivateAndGoesWithIt) {
  struct stat status {};
  {
    const DatagramRpc rpc(path_, "test", milliseconds(100));
    ASSERT_EQ(::stat((path_ + ".test").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    const DatagramRpc again(path_, "test", milliseconds(100));
  }
  EXPECT_NE(::stat((path_ + ".test").c_str(), &status), 0);
}

TEST_F(DatagramRpcTest, ImpossiblePathsAreSaid) {
  EXPECT_THROW(DatagramRpc("/nonexistent/k.sock", "test", milliseconds(1)), std::system_error);
  EXPECT_THROW(DatagramRpc("/" + std::string(200, 'x'), "test", milliseconds(1)), std::system_error);
}

}  // namespace
}  // namespace neolia::gateway::kamailio

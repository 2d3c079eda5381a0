// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/process.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <csignal>

namespace neolia::gateway::media {
namespace {

constexpr std::int64_t kFile = 1 << 20;

class ProcessTest : public testing::Test {
 protected:
  Process start(std::vector<std::string> words, std::string input = "", std::int64_t max_file = kFile) {
    auto process = Process::start(context_.get_executor(), {std::move(words), std::move(input), max_file});
    EXPECT_TRUE(process);
    return std::move(process.value());
  }

  std::optional<int> wait(Process& process, std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    auto code = asio::co_spawn(context_, process.wait(patience), asio::use_future);
    context_.restart();
    context_.run();
    return code.get();
  }

  asio::io_context context_;
};

TEST_F(ProcessTest, ReadsItsInputAndIsHeard) {
  auto process = start({"sh", "-c", "cat; echo error >&2; exit 3"}, "hello ");
  EXPECT_EQ(wait(process), 3);
  EXPECT_EQ(process.said(), "hello error\n");
  EXPECT_FALSE(process.is_running());
}

TEST_F(ProcessTest, TheEndOfALongSpeechIsKept) {
  auto process = start({"sh", "-c", "seq 100000; echo end"});
  EXPECT_EQ(wait(process), 0);
  EXPECT_EQ(process.said().size(), 4096U);
  EXPECT_THAT(process.said(), testing::EndsWith("100000\nend\n"));
}

TEST_F(ProcessTest, IsInterrupted) {
  auto process = start({"sh", "-c", "trap 'exit 7' INT; echo ready; while :; do sleep 0.01; done"});
  while (process.said().empty()) ::usleep(1000);
  process.interrupt();
  EXPECT_EQ(wait(process), 7);
}

TEST_F(ProcessTest, IsKilledWhenItTakesTooLong) {
  auto process = start({"sh", "-c", "trap '' INT TERM; while :; do sleep 1; done"});
  EXPECT_EQ(wait(process, std::chrono::milliseconds(50)), std::nullopt);
  EXPECT_FALSE(process.is_running());
}

TEST_F(ProcessTest, DoesNotOutliveItsObject) {
  int id = 0;
  {
    auto process = start({"sleep", "60"});
    auto moved = std::move(process);
    id = moved.id();
    EXPECT_TRUE(moved.is_running());
  }
  EXPECT_EQ(::kill(id, 0), -1);
}

TEST_F(ProcessTest, WritesNoMoreThanItMay) {
  auto process = start({"sh", "-c", "head -c 100000 /dev/zero"}, "", 4096);
  EXPECT_NE(wait(process), 0);
}

TEST_F(ProcessTest, GetsNoOtherFileOfOurs) {
  auto process = start({"sh", "-c", "ls /proc/self/fd | tr '\\n' ' '"});
  EXPECT_EQ(wait(process), 0);
  EXPECT_EQ(process.said(), "0 1 2 3 ") << "3 is the folder that ls reads";
}

TEST_F(ProcessTest, AProgramThatIsMissingEndsAtOnce) {
  auto process = start({"/nowhere/program"});
  EXPECT_EQ(wait(process), 127);
  EXPECT_FALSE(is_program("/nowhere/program"));
  EXPECT_FALSE(is_program("no-such-program-here"));
  EXPECT_TRUE(is_program("sh"));
  EXPECT_TRUE(is_program("/bin/sh"));
}

}  // namespace
}  // namespace neolia::gateway::media

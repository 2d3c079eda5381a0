// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/file_watch.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <system_error>
#include <thread>

#include "gateway/example.hpp"

namespace neolia::gateway::kamailio {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(FileWatch, TellsOfItsFileOnly) {
  const Folder folder;
  FileWatch watch(folder.path(), "events");
  std::ofstream(folder.file("other")) << "x";
  EXPECT_FALSE(watch.wait(milliseconds(1)));
  std::ofstream(folder.file("events")) << "x";
  EXPECT_TRUE(watch.wait(seconds(20)));
  EXPECT_FALSE(watch.wait(milliseconds(1)));
  std::ofstream(folder.file("events"), std::ios::app) << "y";
  EXPECT_TRUE(watch.wait(seconds(20)));
}

TEST(FileWatch, IsWokenFromAnotherThread) {
  const Folder folder;
  FileWatch watch(folder.path(), "events");
  const std::jthread waker([&] { watch.wake(); });
  EXPECT_TRUE(watch.wait(seconds(20)));
}

TEST(FileWatch, AMissingFolderIsSaid) { EXPECT_THROW(FileWatch("/nonexistent", "events"), std::system_error); }

}  // namespace
}  // namespace neolia::gateway::kamailio

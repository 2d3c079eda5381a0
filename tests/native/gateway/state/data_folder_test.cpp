// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/data_folder.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "gateway/example.hpp"
#include "gateway/state/snapshot_files.hpp"

namespace neolia::gateway::state {
namespace {

mode_t mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777U;
}

TEST(DataFolder, MakesKamailiosFilesForItsUserOnly) {
  const Folder folder;
  const auto data = DataFolder::open(folder.path());
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_EQ(mode_of(data->events_file()), 0600U);
  EXPECT_EQ(mode_of(data->location_file()), 0600U);
}

TEST(DataFolder, IsHeldByOne) {
  const Folder folder;
  {
    const auto first = DataFolder::open(folder.path());
    ASSERT_TRUE(first);
    const auto second = DataFolder::open(folder.path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, model::ErrorCode::conflict);
  }
  EXPECT_TRUE(DataFolder::open(folder.path()));
}

TEST(DataFolder, MissingIsSaid) {
  const auto data = DataFolder::open("/nonexistent/folder");
  ASSERT_FALSE(data);
  EXPECT_THAT(data.error().message, testing::HasSubstr("/nonexistent/folder"));
}

class DamagedFile : public testing::TestWithParam<const char*> {};

TEST_P(DamagedFile, IsSetAside) {
  const Folder folder;
  std::ofstream(folder.file(GetParam())) << std::string(5000, 'x');
  const auto data = DataFolder::open(folder.path());
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_EQ(std::filesystem::file_size(folder.file(std::string(GetParam()) + ".corrupt")), 5000U);
  EXPECT_TRUE(SnapshotFiles::open(*data));
}

INSTANTIATE_TEST_SUITE_P(Files, DamagedFile,
                         testing::Values("gateway.sqlite", "sip.sqlite", "location.sqlite", "events.sqlite"));

}  // namespace
}  // namespace neolia::gateway::state

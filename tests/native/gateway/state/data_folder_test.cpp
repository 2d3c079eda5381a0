// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/data_folder.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "gateway/example.hpp"

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

TEST(DataFolder, WhatIsNotADatabaseStaysUntouched) {
  const Folder folder;
  const std::string text(5000, 'x');
  std::FILE* file = std::fopen(folder.file("events.sqlite").c_str(), "w");
  ASSERT_NE(file, nullptr);
  std::fwrite(text.data(), 1, text.size(), file);
  std::fclose(file);
  const auto data = DataFolder::open(folder.path());
  ASSERT_FALSE(data);
  EXPECT_EQ(data.error().code, model::ErrorCode::corrupt);
  EXPECT_THAT(data.error().message, testing::HasSubstr("events.sqlite"));
  EXPECT_EQ(std::filesystem::file_size(folder.file("events.sqlite")), text.size());
}

}  // namespace
}  // namespace neolia::gateway::state

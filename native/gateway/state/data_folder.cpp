// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/data_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "gateway/state/database.hpp"
#include "gateway/state/schema.hpp"

namespace neolia::gateway::state {
namespace {

constexpr int kVersion = 1;

/// True when it was damaged.
model::Result<bool> repair(const std::string& path, const char* schema) {
  auto damaged = set_aside_damaged(path);
  if (!damaged) return damaged;
  const auto database = guarded(path, [&] { return open_or_create(path, {schema, kVersion}); });
  if (!database) return tl::unexpected(database.error());
  return damaged;
}

}  // namespace

model::Result<DataFolder> DataFolder::open(const std::string& folder) {
  const std::string lock_file = folder + "/gateway.lock";
  const int lock = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (lock < 0) {
    const std::string why = std::generic_category().message(errno);
    return tl::unexpected(
        model::Error{model::ErrorCode::storage, "data_folder " + folder + " cannot be used: " + why, {}});
  }
  DataFolder held(folder, lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    const std::string text = "data_folder " + folder + " is in use by another gateway; stop that one first";
    return tl::unexpected(model::Error{model::ErrorCode::conflict, text, {}});
  }
  for (const auto& file : {held.gateway_file(), held.sip_file()}) {
    if (const auto sound = set_aside_damaged(file); !sound) return tl::unexpected(sound.error());
  }
  const auto location = repair(held.location_file(), kLocationSchema);
  if (!location) return tl::unexpected(location.error());
  held.location_is_made_again_ = *location;
  if (const auto repaired = repair_events_file(held); !repaired) return tl::unexpected(repaired.error());
  return held;
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : folder_(std::move(other.folder_)),
      lock_(std::exchange(other.lock_, -1)),
      location_is_made_again_(other.location_is_made_again_) {}

DataFolder::~DataFolder() {
  if (lock_ >= 0) ::close(lock_);
}

model::Result<void> repair_events_file(const DataFolder& folder) {
  const auto repaired = repair(folder.events_file(), kEventsSchema);
  if (!repaired) return tl::unexpected(repaired.error());
  return {};
}

}  // namespace neolia::gateway::state

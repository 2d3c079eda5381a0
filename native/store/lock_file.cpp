// SPDX-License-Identifier: Apache-2.0
#include "store/lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "store/storage_error.hpp"

namespace neolia::store {
namespace {

/// False when the former owner removed the file between our open and our lock.
bool is_still_at(const std::filesystem::path& path, int descriptor) {
  struct stat opened {};
  struct stat present {};
  return fstat(descriptor, &opened) == 0 && stat(path.c_str(), &present) == 0 && opened.st_ino == present.st_ino &&
         opened.st_dev == present.st_dev;
}

}  // namespace

model::Result<LockFile> LockFile::acquire(const std::filesystem::path& file) {
  std::filesystem::path path = file;
  path += "-lock";
  for (;;) {
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return tl::unexpected(system_error(errno, file));
    LockFile lock(path, descriptor);
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      const int reason = errno;
      close(std::exchange(lock.descriptor_, -1));
      return tl::unexpected(reason == EWOULDBLOCK ? busy_error(file) : system_error(reason, file));
    }
    if (is_still_at(path, descriptor)) return lock;
    close(std::exchange(lock.descriptor_, -1));
  }
}

LockFile::LockFile(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

LockFile::LockFile(LockFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

LockFile::~LockFile() {
  if (descriptor_ < 0) return;
  unlink(path_.c_str());
  close(descriptor_);
}

}  // namespace neolia::store

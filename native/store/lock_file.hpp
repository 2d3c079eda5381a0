// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "model/error.hpp"

namespace neolia::store {

/// Holds `<file>-lock` locked: one owner of a directory at a time, in this process or another. The system frees the
/// lock of a process that dies. SQLite's own locks do not do for this: they are lost when anything in the process
/// closes the file.
class LockFile {
 public:
  /// `conflict` when somebody else has it, `read_only` or `storage` when the folder refuses.
  [[nodiscard]] static model::Result<LockFile> acquire(const std::filesystem::path& file);

  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&&) = delete;
  ~LockFile();

 private:
  LockFile(std::filesystem::path path, int descriptor);

  std::filesystem::path path_;
  int descriptor_;
};

}  // namespace neolia::store

// SPDX-License-Identifier: Apache-2.0
/// The directory's file: making it, opening it, refusing what is not ours.
#pragma once

#include <filesystem>
#include <memory>

#include "model/error.hpp"
#include "model/objects.hpp"
#include "store/connection.hpp"
#include "store/lock_file.hpp"

namespace neolia::store {

/// An open file. The lock outlives the connection.
struct File {
  LockFile lock;
  Connection connection;

  File(LockFile held, const std::filesystem::path& path);
};

/// Makes a file that holds an empty directory: whole, or not at all.
[[nodiscard]] model::Result<void> create_file(const std::filesystem::path& path, const model::DirectoryInfo& directory);

/// Opens it and brings its schema up to date. Until `keep_wal_on_close(false)` is called on the connection, closing it
/// leaves a WAL that was there as it is, so that a file that is refused later stays untouched.
[[nodiscard]] model::Result<std::unique_ptr<File>> open_file(const std::filesystem::path& path);

}  // namespace neolia::store

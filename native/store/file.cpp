// SPDX-License-Identifier: Apache-2.0
#include "store/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include "store/migrations.hpp"
#include "store/storage_error.hpp"

namespace neolia::store {
namespace {

namespace fs = std::filesystem;
using model::Error;
using model::ErrorCode;
using model::Result;

fs::path beside(const fs::path& path, const char* suffix) {
  fs::path other = path;
  return other += suffix;
}

Error exists_error(const fs::path& path) {
  return {ErrorCode::conflict, "There is a file '" + path.string() + "' already. Choose another place or open it.", {}};
}

Error too_new_error(const fs::path& path, std::int64_t schema) {
  return {ErrorCode::too_new,
          "The directory '" + path.string() + "' was written by a newer version (schema " + std::to_string(schema) +
              ", known here: " + std::to_string(newest_schema()) + "). It was left as it is; update this version.",
          {}};
}

/// Makes a rename durable.
void sync_folder(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

void remove_all_of(const fs::path& path) {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-journal"}) fs::remove(beside(path, suffix), ignored);
}

void write_new(Connection& connection, const model::DirectoryInfo& directory) {
  connection.script(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
  connection.script("PRAGMA journal_mode = WAL");
  migrate(connection);
  connection.run("INSERT INTO directory (only_row, id, name, realm, revision) VALUES (1, ?, ?, ?, 0)", directory.id,
                 directory.name, directory.realm);
}

Result<void> write_draft(const fs::path& path, const model::DirectoryInfo& directory) {
  try {
    Connection connection(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    return guarded(connection, [&]() -> Result<void> {
      write_new(connection, directory);
      return {};
    });
  } catch (const SQLite::Exception& exception) {
    return tl::unexpected(storage_error(exception, 0, path));
  }
}

/// All pages, and that everything referred to is there: a few milliseconds for each megabyte.
Result<void> check_contents(Connection& connection) {
  Query check = connection.query("PRAGMA quick_check(1)");
  check.step();
  const std::string answer = check.column(0).getString();
  if (answer != "ok") return tl::unexpected(corrupt_error(connection.path(), answer));
  Query dangling = connection.query("PRAGMA foreign_key_check");
  if (!dangling.step()) return {};
  const std::string table = dangling.column(0).getString();
  return tl::unexpected(corrupt_error(connection.path(), "a row of " + table + " refers to nothing"));
}

/// What speaks against this file, before anything is written to it.
Result<void> inspect(Connection& connection) {
  const fs::path& path = connection.path();
  if (connection.number("PRAGMA application_id") != kApplicationId) {
    return tl::unexpected(corrupt_error(path, "it was not made by Neolia Intercom"));
  }
  const std::int64_t schema = connection.number("PRAGMA user_version");
  if (schema > newest_schema()) return tl::unexpected(too_new_error(path, schema));
  return check_contents(connection);
}

Result<void> prepare(Connection& connection) {
  const auto wal = beside(connection.path(), "-wal");
  std::error_code missing;
  const bool has_wal = fs::file_size(wal, missing) > 0 && !missing;
  connection.keep_wal_on_close(has_wal);
  if (auto fine = inspect(connection); !fine) return fine;
  if (connection.is_read_only()) return tl::unexpected(system_error(EROFS, connection.path()));
  connection.script("PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 16777216");
  migrate(connection);
  return {};
}

}  // namespace

File::File(LockFile held, const fs::path& path) : lock(std::move(held)), connection(path, SQLite::OPEN_READWRITE) {}

Result<void> create_file(const fs::path& path, const model::DirectoryInfo& directory) {
  auto lock = LockFile::acquire(path);
  if (!lock) return tl::unexpected(std::move(lock).error());
  if (std::error_code ignored; fs::exists(path, ignored)) return tl::unexpected(exists_error(path));
  const fs::path draft = beside(path, "-new");
  remove_all_of(draft);
  if (auto written = write_draft(draft, directory); !written) {
    remove_all_of(draft);
    return written;
  }
  if (std::rename(draft.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    remove_all_of(draft);
    return tl::unexpected(system_error(reason, path));
  }
  sync_folder(path);
  return {};
}

Result<std::unique_ptr<File>> open_file(const fs::path& path) {
  std::error_code problem;
  if (!fs::exists(path, problem)) {
    return tl::unexpected(Error{ErrorCode::not_found, "There is no file '" + path.string() + "'.", {}});
  }
  if (!fs::is_regular_file(path, problem)) return tl::unexpected(corrupt_error(path, "it is not a file"));
  auto lock = LockFile::acquire(path);
  if (!lock) return tl::unexpected(std::move(lock).error());
  try {
    auto file = std::make_unique<File>(*std::move(lock), path);
    if (auto ready = guarded(file->connection, [&] { return prepare(file->connection); }); !ready) {
      return tl::unexpected(std::move(ready).error());
    }
    return file;
  } catch (const SQLite::Exception& exception) {
    return tl::unexpected(storage_error(exception, errno, path));
  }
}

}  // namespace neolia::store

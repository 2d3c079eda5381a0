// SPDX-License-Identifier: Apache-2.0
#include "store/storage_error.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace neolia::store {
namespace {

using model::Error;
using model::ErrorCode;

std::string quoted(const std::filesystem::path& file) { return "'" + file.string() + "'"; }

Error full_error(const std::filesystem::path& file) {
  return {ErrorCode::disk_full,
          "The disk that holds " + quoted(file) + " is full. Nothing was changed; free some space and try again.",
          {}};
}

Error read_only_error(const std::filesystem::path& file) {
  return {ErrorCode::read_only,
          "The directory " + quoted(file) +
              " cannot be written. Check the permissions of the file and its folder, and " +
              "whether the disk is mounted read-only.",
          {}};
}

bool is_full(int number) { return number == ENOSPC || number == EDQUOT || number == EFBIG; }

}  // namespace

Error busy_error(const std::filesystem::path& file) {
  return {ErrorCode::conflict,
          "The directory " + quoted(file) + " is in use already. Close the other program or configuration entry first.",
          {}};
}

Error corrupt_error(const std::filesystem::path& file, const std::string& detail) {
  return {ErrorCode::corrupt,
          "The file " + quoted(file) + " is damaged or not a directory (" + detail +
              "). It was left as it is; restore it from a backup.",
          {}};
}

Error system_error(int number, const std::filesystem::path& file) {
  if (number == EROFS || number == EACCES || number == EPERM) return read_only_error(file);
  if (is_full(number)) return full_error(file);
  return {ErrorCode::storage, "The directory " + quoted(file) + " cannot be used: " + std::strerror(number) + ".", {}};
}

Error storage_error(const SQLite::Exception& exception, int system_number, const std::filesystem::path& file) {
  switch (exception.getErrorCode()) {
    case SQLITE_FULL:
      return full_error(file);
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return read_only_error(file);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return corrupt_error(file, exception.what());
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return busy_error(file);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      if (system_number != 0) return system_error(system_number, file);
      [[fallthrough]];
    default:
      return {ErrorCode::storage, "The directory " + quoted(file) + " cannot be used: " + exception.what() + ".", {}};
  }
}

}  // namespace neolia::store

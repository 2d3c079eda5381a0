// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "gateway/log.hpp"

namespace neolia::gateway::state {
namespace {

constexpr int kBusyMilliseconds = 5000;
constexpr int kMostAside = 5;

model::ErrorCode code_of(int sqlite_code) {
  switch (sqlite_code & 0xff) {
    case SQLITE_FULL:
      return model::ErrorCode::disk_full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return model::ErrorCode::read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return model::ErrorCode::corrupt;
    case SQLITE_MISMATCH:
      return model::ErrorCode::too_new;
    default:
      return model::ErrorCode::storage;
  }
}

/// SQLite makes files with the umask; these hold secrets. One that is there is not opened: closing it would end the
/// locks that this process has on it.
void make_private(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file >= 0) ::close(file);
}

int random_mark() {
  std::random_device random;
  return std::uniform_int_distribution<int>(1, std::numeric_limits<int>::max())(random);
}

std::vector<std::string> drops_of(SQLite::Database& database) {
  std::vector<std::string> drops;
  SQLite::Statement query(database,
                          "SELECT 'DROP ' || type || ' \"' || name || '\"' FROM sqlite_master "
                          "WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
  while (query.executeStep()) drops.push_back(query.getColumn(0).getString());
  return drops;
}

void create(SQLite::Database& database, const Schema& schema) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  database.exec(schema.sql);
  set_version(database, schema.version);
  database.exec("PRAGMA application_id = " + std::to_string(random_mark()));
  transaction.commit();
}

void check(const std::string& path) {
  SQLite::Database database(path, SQLite::OPEN_READWRITE, kBusyMilliseconds);
  const auto found = database.execAndGet("PRAGMA quick_check(1)").getString();
  if (found != "ok") throw SQLite::Exception(found, SQLITE_CORRUPT);
}

/// `<path>.corrupt`, or the first of its numbered brothers that is not there; the last one is used again and again.
std::string aside_name(const std::string& path) {
  std::string name = path + ".corrupt";
  for (int number = 2; number <= kMostAside && std::filesystem::exists(name); ++number) {
    name = path + ".corrupt-" + std::to_string(number);
  }
  return name;
}

}  // namespace

model::Error to_error(const SQLite::Exception& exception, const std::string& what) {
  return {code_of(exception.getErrorCode()), what + ": " + exception.what(), {}};
}

DatabasePtr open_or_create(const std::string& path, const Schema& schema) {
  make_private(path);
  auto database = std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE, kBusyMilliseconds);
  database->exec("PRAGMA page_size = " + std::to_string(schema.page_bytes));  // no effect on a file that is there
  database->exec("PRAGMA journal_mode = WAL");
  database->exec("PRAGMA synchronous = FULL");
  if (!database->execAndGet("SELECT count(*) FROM sqlite_master").getInt()) create(*database, schema);
  const int present = version_of(*database);
  if (present > std::max(schema.version, schema.newest)) {
    throw SQLite::Exception("made by a newer gateway (version " + std::to_string(present) + "); install that one again",
                            SQLITE_MISMATCH);
  }
  return database;
}

model::Result<bool> set_aside_damaged(const std::string& path) {
  if (!std::filesystem::exists(path)) return false;
  const auto checked = guarded(path, [&] { check(path); });
  if (checked) return false;
  if (checked.error().code != model::ErrorCode::corrupt) return tl::unexpected(checked.error());
  const auto aside = aside_name(path);
  std::rename((path + "-wal").c_str(), (aside + "-wal").c_str());
  std::remove((path + "-shm").c_str());
  if (std::rename(path.c_str(), aside.c_str()) != 0) return tl::unexpected(checked.error());
  log::error("a file is damaged; it is set aside and made again",
             {{"error", checked.error().message}, {"aside", aside}});
  return true;
}

int version_of(SQLite::Database& database) { return database.execAndGet("PRAGMA user_version").getInt(); }

void set_version(SQLite::Database& database, int version) {
  database.exec("PRAGMA user_version = " + std::to_string(version));
}

void make_again(SQLite::Database& database, const Schema& schema) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  for (const auto& drop : drops_of(database)) database.exec(drop);
  database.exec(schema.sql);
  set_version(database, schema.version);
  transaction.commit();
}

DatabasePtr open_present(const std::string& path) {
  return std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE, kBusyMilliseconds);
}

DatabasePtr open_read_only(const std::string& path) {
  return std::make_unique<SQLite::Database>(path, SQLite::OPEN_READONLY, kBusyMilliseconds);
}

}  // namespace neolia::gateway::state

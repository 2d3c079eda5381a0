// SPDX-License-Identifier: Apache-2.0
#include "store/connection.hpp"

#include <sqlite3.h>

#include <utility>

namespace neolia::store {

Connection::Connection(std::filesystem::path path, int flags)
    : path_(std::move(path)), database_(path_.string(), flags) {
  // EXCLUSIVE: no shared memory file, and no other program's checkpoint under our feet.
  database_.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
}

std::int64_t Connection::number(const char* sql) {
  SQLite::Statement statement(database_, sql);
  return statement.executeStep() ? statement.getColumn(0).getInt64() : 0;
}

bool Connection::has_moved() const {
  int moved = 0;
  sqlite3_file_control(database_.getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved != 0;
}

void Connection::keep_wal_on_close(bool keep) {
  sqlite3_db_config(database_.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, nullptr);
}

bool Connection::is_read_only() const { return sqlite3_db_readonly(database_.getHandle(), "main") == 1; }

int Connection::system_number() const { return sqlite3_system_errno(database_.getHandle()); }

SQLite::Statement& Connection::prepared(const std::string& sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) found = statements_.emplace(sql, SQLite::Statement(database_, sql)).first;
  return found->second;
}

}  // namespace neolia::store

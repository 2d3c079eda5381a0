// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/VariadicBind.h>

#include <filesystem>
#include <map>
#include <string>

namespace neolia::store {

/// One use of a prepared statement; it is reset when this goes.
class Query {
 public:
  template <typename... Values>
  explicit Query(SQLite::Statement& statement, const Values&... values) : statement_(statement) {
    SQLite::bind(statement_, values...);
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() { statement_.tryReset(); }

  /// True while there is a row.
  bool step() { return statement_.executeStep(); }
  [[nodiscard]] SQLite::Column column(int index) const { return statement_.getColumn(index); }
  SQLite::Statement& statement() { return statement_; }

 private:
  SQLite::Statement& statement_;
};

/// An SQLite file opened for this owner alone, in WAL mode, durable at each commit. Throws SQLite::Exception.
class Connection {
 public:
  /// `flags` as of SQLite::Database.
  Connection(std::filesystem::path path, int flags);

  /// A prepared statement, kept for the next time.
  template <typename... Values>
  [[nodiscard]] Query query(const std::string& sql, const Values&... values) {
    return Query(prepared(sql), values...);
  }

  template <typename... Values>
  void run(const std::string& sql, const Values&... values) {
    Query use(prepared(sql), values...);
    while (use.step()) {
    }
  }

  /// Statements used once, several in one text.
  void script(const char* sql) { database_.exec(sql); }
  [[nodiscard]] std::int64_t number(const char* sql);

  /// Whether the file at path() is no longer the one that is open.
  [[nodiscard]] bool has_moved() const;
  /// Leave the WAL as it is when closing, so that a file that we refuse stays untouched.
  void keep_wal_on_close(bool keep);

  [[nodiscard]] bool is_read_only() const;

  /// errno of the last system call that failed.
  [[nodiscard]] int system_number() const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] SQLite::Database& database() { return database_; }

 private:
  SQLite::Statement& prepared(const std::string& sql);

  std::filesystem::path path_;
  SQLite::Database database_;
  std::map<std::string, SQLite::Statement, std::less<>> statements_;
};

}  // namespace neolia::store

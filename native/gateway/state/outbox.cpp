// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/outbox.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include "gateway/state/database.hpp"

namespace neolia::gateway::state {

Outbox::Outbox(std::string path) : path_(std::move(path)) {}
Outbox::Outbox(Outbox&&) noexcept = default;
Outbox& Outbox::operator=(Outbox&&) noexcept = default;
Outbox::~Outbox() = default;

void Outbox::open_present_file() {
  struct stat status {};
  if (::stat(path_.c_str(), &status) != 0) {
    database_.reset();
    throw SQLite::Exception("the file is gone", SQLITE_CANTOPEN);
  }
  if (database_ != nullptr && status.st_ino == inode_) return;
  database_ = open_read_only(path_);
  inode_ = status.st_ino;
  file_ = database_->execAndGet("PRAGMA application_id").getInt64();
}

model::Result<Outbox::Batch> Outbox::read(OutboxCursor cursor, int limit) {
  return guarded(path_, [&] {
    open_present_file();
    Batch batch{{}, cursor.file == file_ ? cursor : OutboxCursor{file_, 0}};
    SQLite::Statement query(*database_, "SELECT id, substr(event, 1, ?) FROM outbox WHERE id > ? ORDER BY id LIMIT ?");
    query.bind(1, kMaxEvent + 1);
    query.bind(2, batch.cursor.id);
    query.bind(3, limit);
    while (query.executeStep()) batch.rows.push_back({query.getColumn(0).getInt64(), query.getColumn(1).getString()});
    if (!batch.rows.empty()) batch.cursor.id = batch.rows.back().id;
    return batch;
  });
}

}  // namespace neolia::gateway::state

// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/snapshot_files.hpp"

#include <future>

#include "gateway/log.hpp"
#include "gateway/state/data_folder.hpp"
#include "gateway/state/database.hpp"
#include "gateway/state/gateway_schema.hpp"
#include "gateway/state/schema.hpp"

namespace neolia::gateway::state {
namespace {

constexpr int kSipVersion = 2;
constexpr const char* kSip = "sip.sqlite";

/// Compiled again at start; only the mark that keeps keys from being used again is carried over.
void replace_old(SQLite::Database& sip) {
  auto sys = read_sys(sip);
  std::erase_if(sys, [](const auto& entry) { return entry.first != "last_key"; });
  make_again(sip, {kSipSchema, kSipVersion});
  write_sys(sip, sys);
  log::info("sip.sqlite was of an earlier version and is made again");
}

model::Result<DatabasePtr> open_sip(const std::string& path) {
  // All of it is made again at start when a power cut took the last commits: no need to wait for the disk.
  return guarded(path, [&] {
    auto made = open_or_create(path, {kSipSchema, kSipVersion, kSipVersion, kLargePages});
    if (version_of(*made) < kSipVersion) replace_old(*made);
    made->exec("PRAGMA synchronous = NORMAL");
    return made;
  });
}

std::vector<std::string> read_texts(SQLite::Database& database, const char* sql) {
  std::vector<std::string> values;
  SQLite::Statement query(database, sql);
  while (query.executeStep()) values.push_back(query.getColumn(0).getString());
  return values;
}

void for_each_username(SQLite::Database& database, const char* sql, const std::vector<std::string>& usernames) {
  SQLite::Statement statement(database, sql);
  for (const auto& username : usernames) {
    statement.bindNoCopy(1, username);
    statement.exec();
    statement.reset();
  }
}

void add_keys(SQLite::Database& gateway, const KeyList& keys) {
  SQLite::Statement insert(gateway, "INSERT INTO object_key (id, key) VALUES (?, ?)");
  for (const auto& [id, key] : keys) {
    insert.bindNoCopy(1, id);
    insert.bind(2, key);
    insert.exec();
    insert.reset();
  }
}

void add_text(SQLite::Database& gateway, const Acceptance& acceptance) {
  if (acceptance.form == Acceptance::Form::none) return;
  if (acceptance.form == Acceptance::Form::whole) gateway.exec("DELETE FROM snapshot");
  const auto position = gateway.execAndGet("SELECT ifnull(max(position) + 1, 0) FROM snapshot").getInt();
  SQLite::Statement insert(gateway, "INSERT INTO snapshot (position, revision, text) VALUES (?, ?, ?)");
  insert.bind(1, position);
  insert.bind(2, acceptance.revision);
  insert.bindNoCopy(3, acceptance.text.data(), static_cast<int>(acceptance.text.size()));
  insert.exec();
}

std::string commit_tables(SQLite::Transaction& transaction) {
  const auto committed = guarded(kSip, [&] { transaction.commit(); });
  if (committed) return "";
  log::error("sip.sqlite is not written; trying again", {{"error", committed.error().message}});
  return committed.error().message;
}

}  // namespace

model::Result<SnapshotFiles> SnapshotFiles::open(const DataFolder& folder) {
  auto gateway = guarded(folder.gateway_file(), [&] { return open_gateway(folder.gateway_file()); });
  if (!gateway) return tl::unexpected(gateway.error());
  auto sip = open_sip(folder.sip_file());
  if (!sip) return tl::unexpected(sip.error());
  return SnapshotFiles(std::move(*gateway), std::move(*sip));
}

SnapshotFiles::SnapshotFiles(DatabasePtr gateway, DatabasePtr sip)
    : gateway_(std::move(gateway)), sip_(std::move(sip)) {}
SnapshotFiles::SnapshotFiles(SnapshotFiles&&) noexcept = default;
SnapshotFiles& SnapshotFiles::operator=(SnapshotFiles&&) noexcept = default;
SnapshotFiles::~SnapshotFiles() = default;

model::Result<KeyList> SnapshotFiles::read_keys() const {
  return guarded(kGatewayDatabase, [&] {
    KeyList keys;
    SQLite::Statement query(*gateway_, "SELECT id, key FROM object_key ORDER BY key");
    while (query.executeStep()) keys.emplace_back(query.getColumn(0).getString(), query.getColumn(1).getInt64());
    return keys;
  });
}

model::Result<std::vector<std::string>> SnapshotFiles::read_snapshot() const {
  return guarded(kGatewayDatabase,
                 [&] { return read_texts(*gateway_, "SELECT text FROM snapshot ORDER BY position"); });
}

model::Result<rules::Tables> SnapshotFiles::read_tables() const {
  return guarded(kSip, [&] { return state::read_tables(*sip_); });
}

model::Result<Entries> SnapshotFiles::read_sys() const {
  return guarded(kSip, [&] { return state::read_sys(*sip_); });
}

model::Result<Stored> SnapshotFiles::store(const Acceptance& acceptance, const Confirm& confirm) {
  model::Result<void> confirmed;
  auto stored = guarded("the snapshot cannot be stored", [&] {
    SQLite::Transaction sip(*sip_, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Transaction gateway(*gateway_, SQLite::TransactionBehavior::IMMEDIATE);
    auto written =
        std::async(acceptance.form == Acceptance::Form::whole ? std::launch::async : std::launch::deferred, [&] {
          write_sys(*sip_, acceptance.sys);
          return write_tables(*sip_, acceptance.tables);
        });
    add_keys(*gateway_, acceptance.new_keys);
    add_text(*gateway_, acceptance);
    const auto rekeyed = written.get();
    for_each_username(*sip_, "DELETE FROM session WHERE account = ?", rekeyed);
    for_each_username(*gateway_, "INSERT OR IGNORE INTO contact_to_drop (username) VALUES (?)", rekeyed);
    if (confirm) confirmed = confirm();
    if (!confirmed) return Stored();
    gateway.commit();
    return Stored{commit_tables(sip)};
  });
  if (!confirmed) return tl::unexpected(confirmed.error());
  return stored;
}

model::Result<std::vector<std::string>> SnapshotFiles::contacts_to_drop() const {
  return guarded(kGatewayDatabase, [&] { return read_texts(*gateway_, "SELECT username FROM contact_to_drop"); });
}

model::Result<void> SnapshotFiles::contacts_dropped(const std::vector<std::string>& usernames) {
  return guarded(kGatewayDatabase, [&] {
    SQLite::Transaction transaction(*gateway_, SQLite::TransactionBehavior::IMMEDIATE);
    for_each_username(*gateway_, "DELETE FROM contact_to_drop WHERE username = ?", usernames);
    transaction.commit();
  });
}

}  // namespace neolia::gateway::state

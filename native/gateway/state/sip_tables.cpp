// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/sip_tables.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace neolia::gateway::state {
namespace {

char letter(model::AccountKind kind) { return "dpm"[static_cast<std::size_t>(kind)]; }

model::AccountKind kind_of(const std::string& letter) {
  return letter == "d" ? model::AccountKind::door
                       : (letter == "p" ? model::AccountKind::panel : model::AccountKind::mobile);
}

Entries read_entries(SQLite::Database& database, const std::string& table) {
  Entries entries;
  SQLite::Statement query(database, "SELECT key_name, key_value FROM " + table);
  while (query.executeStep()) entries.emplace(query.getColumn(0).getString(), query.getColumn(1).getString());
  return entries;
}

std::map<std::string, rules::Subscriber> read_subscribers(SQLite::Database& database) {
  std::map<std::string, rules::Subscriber> subscribers;
  SQLite::Statement query(
      database,
      "SELECT username, domain, ha1, ha1_sha256, account_key, kind, unit_key, building_key, site_key "
      "FROM subscriber");
  while (query.executeStep()) {
    rules::Subscriber row;
    row.username = query.getColumn(0).getString();
    row.realm = query.getColumn(1).getString();
    row.credentials = {query.getColumn(2).getString(), query.getColumn(3).getString()};
    row.account_key = query.getColumn(4).getInt64();
    row.kind = kind_of(query.getColumn(5).getString());
    row.unit_key = query.getColumn(6).getInt64();
    row.building_key = query.getColumn(7).getInt64();
    row.site_key = query.getColumn(8).getInt64();
    subscribers.emplace(row.username, std::move(row));
  }
  return subscribers;
}

void run(SQLite::Statement& statement) {
  statement.exec();
  statement.reset();
}

void write_entries(SQLite::Database& database, const std::string& table, const Entries& put,
                   const std::set<std::string>& removed) {
  SQLite::Statement remove(database, "DELETE FROM " + table + " WHERE key_name = ?");
  for (const auto& name : removed) {
    remove.bindNoCopy(1, name);
    run(remove);
  }
  SQLite::Statement insert(database, "INSERT OR REPLACE INTO " + table + " (key_name, key_value) VALUES (?, ?)");
  for (const auto& [name, value] : put) {
    insert.bindNoCopy(1, name);
    insert.bindNoCopy(2, value);
    run(insert);
  }
}

void insert_subscriber(SQLite::Statement& insert, const rules::Subscriber& row) {
  insert.bindNoCopy(1, row.username);
  insert.bindNoCopy(2, row.realm);
  insert.bindNoCopy(3, row.credentials.ha1_md5);
  insert.bindNoCopy(4, row.credentials.ha1_sha256);
  insert.bind(5, row.account_key);
  insert.bind(6, std::string(1, letter(row.kind)));
  insert.bind(7, row.unit_key);
  insert.bind(8, row.building_key);
  insert.bind(9, row.site_key);
  run(insert);
}

/// Removes a username; whether it had other credentials than its successor has.
bool remove_subscriber(SQLite::Statement& remove, const std::string& username, const model::Credentials& successor) {
  remove.bindNoCopy(1, username);
  bool rekeyed = false;
  while (remove.executeStep()) {
    const model::Credentials old{remove.getColumn(0).getString(), remove.getColumn(1).getString()};
    rekeyed = rekeyed || old != successor;
  }
  remove.reset();
  return rekeyed;
}

std::vector<std::string> write_subscribers(SQLite::Database& database, const rules::TablesChange& change) {
  SQLite::Statement remove(database, "DELETE FROM subscriber WHERE username = ? RETURNING ha1, ha1_sha256");
  SQLite::Statement insert(database,
                           "INSERT INTO subscriber (username, domain, ha1, ha1_sha256, account_key, kind, unit_key, "
                           "building_key, site_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const bool empty = database.execAndGet("SELECT NOT EXISTS (SELECT 1 FROM subscriber)").getInt() != 0;
  std::vector<std::string> rekeyed;
  for (const auto& username : change.removed.subscribers) {
    if (remove_subscriber(remove, username, {})) rekeyed.push_back(username);
  }
  for (const auto& [username, row] : change.put.subscribers) {
    if (!empty && remove_subscriber(remove, username, row.credentials)) rekeyed.push_back(username);
    insert_subscriber(insert, row);
  }
  return rekeyed;
}

}  // namespace

rules::Tables read_tables(SQLite::Database& sip) {
  return {read_subscribers(sip), read_entries(sip, "dial"), read_entries(sip, "rules"), read_entries(sip, "targets")};
}

Entries read_sys(SQLite::Database& sip) { return read_entries(sip, "sys"); }

std::vector<std::string> write_tables(SQLite::Database& sip, const rules::TablesChange& change) {
  auto rekeyed = write_subscribers(sip, change);
  write_entries(sip, "targets", change.put.targets, change.removed.targets);
  write_entries(sip, "rules", change.put.rules, change.removed.rules);
  write_entries(sip, "dial", change.put.dial, change.removed.dial);
  return rekeyed;
}

void write_sys(SQLite::Database& sip, const Entries& values) { write_entries(sip, "sys", values, {}); }

}  // namespace neolia::gateway::state

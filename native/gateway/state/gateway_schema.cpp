// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/gateway_schema.hpp"

#include <array>

#include "gateway/state/schema.hpp"
#include "model/id.hpp"

namespace neolia::gateway::state {

namespace {

/// From schema `number - 1` to schema `number`. One that was released never changes.
struct Migration {
  int number;
  const char* sql;
};

constexpr int kFirst = 1;
const std::array kMigrations{
    Migration{2, kGatewayCallsSchema},
    Migration{3, kGatewayMessagesSchema},
};

void migrate(SQLite::Database& database) {
  for (const auto& [number, sql] : kMigrations) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    if (version_of(database) >= number) continue;
    database.exec(sql);
    set_version(database, number);
    transaction.commit();
  }
}

}  // namespace

DatabasePtr open_gateway(const std::string& path) {
  auto database = open_or_create(path, {kGatewaySchema, kFirst, kMigrations.back().number, kLargePages});
  if (version_of(*database) < kMigrations.back().number) migrate(*database);
  SQLite::Statement first(*database,
                          "INSERT OR IGNORE INTO event_cursor (one, stream, last, outbox_file, outbox_id) "
                          "VALUES (1, ?, 0, 0, 0)");
  first.bind(1, model::make_id());
  first.exec();
  return database;
}

}  // namespace neolia::gateway::state

// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.hpp"

#include <SQLiteCpp/Transaction.h>

#include <array>
#include <string>

#include "store/schema.hpp"

namespace neolia::store {
namespace {

constexpr std::array kMigrations{
    Migration{1, "objects of the directory", kObjectsSchema},
    Migration{2, "revisions: change log and audit", kRevisionsSchema},
    Migration{3, "events of calls", kEventsSchema},
};

void run(Connection& connection, const Migration& migration) {
  SQLite::Transaction transaction(connection.database());
  connection.script(migration.sql);
  connection.script(("PRAGMA user_version = " + std::to_string(migration.number)).c_str());
  transaction.commit();
}

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

int newest_schema() { return kMigrations.back().number; }

void migrate(Connection& connection) {
  const auto present = connection.number("PRAGMA user_version");
  for (const Migration& migration : kMigrations) {
    if (migration.number > present) run(connection, migration);
  }
}

}  // namespace neolia::store

// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/gateway_schema.hpp"

#include "gateway/state/schema.hpp"
#include "model/id.hpp"

namespace neolia::gateway::state {

namespace {
constexpr int kVersion = 1;
}

DatabasePtr open_gateway(const std::string& path) {
  auto database = open_or_create(path, kGatewaySchema, kVersion);
  SQLite::Statement first(*database,
                          "INSERT OR IGNORE INTO event_cursor (one, stream, last, outbox_file, outbox_id) "
                          "VALUES (1, ?, 0, 0, 0)");
  first.bind(1, model::make_id());
  first.exec();
  return database;
}

}  // namespace neolia::gateway::state

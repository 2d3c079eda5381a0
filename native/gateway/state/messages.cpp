// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/messages.hpp"

#include "gateway/state/gateway_schema.hpp"

namespace neolia::gateway::state {
namespace {

const std::string kSelect =
    "SELECT message_id, call_id, at, unit_id, caller, seconds, video, media_type, size FROM message ";

std::vector<Message> read(SQLite::Statement& query) {
  std::vector<Message> messages;
  while (query.executeStep()) {
    messages.push_back({query.getColumn(0).getString(), query.getColumn(1).getString(), query.getColumn(2).getString(),
                        query.getColumn(3).getString(), query.getColumn(4).getString(), query.getColumn(5).getInt64(),
                        query.getColumn(6).getInt() != 0, query.getColumn(7).getString(),
                        query.getColumn(8).getInt64()});
  }
  return messages;
}

}  // namespace

model::Result<Messages> Messages::open(const std::string& gateway_file) {
  return guarded(gateway_file, [&] { return Messages(open_gateway(gateway_file)); });
}

Messages::Messages(std::unique_ptr<SQLite::Database> database) : database_(std::move(database)) {}
Messages::Messages(Messages&&) noexcept = default;
Messages& Messages::operator=(Messages&&) noexcept = default;
Messages::~Messages() = default;

model::Result<std::vector<Message>> Messages::list(const model::Id& unit_id) const {
  return guarded(kGatewayDatabase, [&] {
    SQLite::Statement query(*database_, kSelect + "WHERE ?1 = '' OR unit_id = ?1 ORDER BY message_id DESC");
    query.bind(1, unit_id);
    return read(query);
  });
}

model::Result<std::optional<Message>> Messages::find(const model::Id& message_id) const {
  return guarded(kGatewayDatabase, [&] {
    SQLite::Statement query(*database_, kSelect + "WHERE message_id = ?");
    query.bind(1, message_id);
    auto found = read(query);
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
  });
}

model::Result<void> Messages::add(const Message& message) {
  return guarded(kGatewayDatabase, [&] {
    SQLite::Statement insert(*database_,
                             "INSERT INTO message (message_id, call_id, at, unit_id, caller, seconds, video, "
                             "media_type, size, announced) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)");
    int column = 0;
    for (const auto* text : {&message.message_id, &message.call_id, &message.at, &message.unit_id, &message.caller}) {
      insert.bind(++column, *text);
    }
    insert.bind(++column, message.seconds);
    insert.bind(++column, message.video ? 1 : 0);
    insert.bind(++column, message.media_type);
    insert.bind(++column, message.size);
    insert.exec();
  });
}

model::Result<void> Messages::remove(const model::Id& message_id) {
  return guarded(kGatewayDatabase, [&] {
    SQLite::Statement remove(*database_, "DELETE FROM message WHERE message_id = ?");
    remove.bind(1, message_id);
    remove.exec();
  });
}

model::Result<std::vector<Message>> Messages::unannounced() const {
  return guarded(kGatewayDatabase, [&] {
    SQLite::Statement query(*database_, kSelect + "WHERE announced = 0 ORDER BY message_id");
    return read(query);
  });
}

model::Result<void> Messages::announced(const model::Id& message_id) {
  return guarded(kGatewayDatabase, [&] {
    SQLite::Statement update(*database_, "UPDATE message SET announced = 1 WHERE message_id = ?");
    update.bind(1, message_id);
    update.exec();
  });
}

}  // namespace neolia::gateway::state

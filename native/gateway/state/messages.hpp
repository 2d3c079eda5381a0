// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/error.hpp"
#include "model/id.hpp"

namespace SQLite {
class Database;
}

namespace neolia::gateway::state {

/// What a visitor left.
struct Message {
  model::Id message_id;
  std::string call_id;
  std::string at;  ///< ISO 8601, UTC: the beginning of the recording
  model::Id unit_id;
  std::string caller;  ///< JSON, as in events
  std::int64_t seconds = 0;
  bool video = false;
  std::string media_type;
  std::int64_t size = 0;  ///< bytes

  /// The name of its file in the folder of messages.
  [[nodiscard]] std::string file_name() const { return message_id + (video ? ".mp4" : ".m4a"); }

  bool operator==(const Message&) const = default;
};

/// The rows of messages in gateway.sqlite. One thread; each thread opens its own.
class Messages {
 public:
  [[nodiscard]] static model::Result<Messages> open(const std::string& gateway_file);

  Messages(Messages&&) noexcept;
  Messages& operator=(Messages&&) noexcept;
  ~Messages();

  /// Newest first; of one unit, or of all when empty.
  [[nodiscard]] model::Result<std::vector<Message>> list(const model::Id& unit_id = {}) const;
  /// Empty when there is none.
  [[nodiscard]] model::Result<std::optional<Message>> find(const model::Id& message_id) const;
  [[nodiscard]] model::Result<void> add(const Message& message);
  [[nodiscard]] model::Result<void> remove(const model::Id& message_id);

  /// Those whose event is not in the event log yet, oldest first.
  [[nodiscard]] model::Result<std::vector<Message>> unannounced() const;
  [[nodiscard]] model::Result<void> announced(const model::Id& message_id);

 private:
  explicit Messages(std::unique_ptr<SQLite::Database> database);

  std::unique_ptr<SQLite::Database> database_;
};

}  // namespace neolia::gateway::state

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/state/event_log.hpp"
#include "model/error.hpp"

namespace neolia::gateway::state {

struct OutboxRow {
  std::int64_t id = 0;
  std::string event;
};

/// events.sqlite, read only. Opens the file again when another one lies at its path. One thread.
class Outbox {
 public:
  explicit Outbox(std::string path);
  Outbox(Outbox&&) noexcept;
  Outbox& operator=(Outbox&&) noexcept;
  ~Outbox();

  /// At most `limit` rows after `cursor` (from the first when the cursor belongs to another file), and the cursor after
  /// them. Rows longer than `kMaxEvent` come cut.
  struct Batch {
    std::vector<OutboxRow> rows;
    OutboxCursor cursor;
  };
  [[nodiscard]] model::Result<Batch> read(OutboxCursor cursor, int limit);

  static constexpr int kMaxEvent = 24576;  ///< bytes; the largest that Kamailio makes is shorter

 private:
  void open_present_file();

  std::string path_;
  std::uint64_t inode_ = 0;
  std::unique_ptr<SQLite::Database> database_;
  std::int64_t file_ = 0;
};

}  // namespace neolia::gateway::state

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/state/keys.hpp"
#include "gateway/state/sip_tables.hpp"
#include "model/error.hpp"
#include "rules/compile.hpp"
#include "snapshot/snapshot.hpp"

namespace SQLite {
class Database;
}

namespace neolia::gateway::state {

class DataFolder;

/// One accepted change: what came, and what it makes of sip.sqlite.
struct Acceptance {
  enum class Form { whole, changes, none };  ///< none: time passed, nothing came

  Form form = Form::none;
  snapshot::Revision revision = 0;
  std::string_view text;
  KeyList new_keys;
  const rules::TablesChange& tables;
  Entries sys;
};

/// The last word before anything is committed; an error rolls everything back.
using Confirm = std::function<model::Result<void>()>;

struct Stored {
  /// Why the snapshot is accepted, but sip.sqlite kept its old contents: store() them again. Empty when it was written.
  std::string behind;
};

/// gateway.sqlite (accepted snapshot, keys) and sip.sqlite (compiled tables, all derived). One thread.
class SnapshotFiles {
 public:
  /// Makes missing files.
  [[nodiscard]] static model::Result<SnapshotFiles> open(const DataFolder& folder);

  SnapshotFiles(SnapshotFiles&&) noexcept;
  SnapshotFiles& operator=(SnapshotFiles&&) noexcept;
  ~SnapshotFiles();

  [[nodiscard]] model::Result<KeyList> read_keys() const;
  /// The whole snapshot, then the changes, in order; empty when there is none.
  [[nodiscard]] model::Result<std::vector<std::string>> read_snapshot() const;
  [[nodiscard]] model::Result<rules::Tables> read_tables() const;
  [[nodiscard]] model::Result<Entries> read_sys() const;

  /// All of it or, with an error, nothing. Accounts that lost their credentials join contacts_to_drop().
  [[nodiscard]] model::Result<Stored> store(const Acceptance& acceptance, const Confirm& confirm = {});

  /// Accounts whose contacts Kamailio must still drop; kept on disk until contacts_dropped().
  [[nodiscard]] model::Result<std::vector<std::string>> contacts_to_drop() const;
  [[nodiscard]] model::Result<void> contacts_dropped(const std::vector<std::string>& usernames);

 private:
  SnapshotFiles(std::unique_ptr<SQLite::Database> gateway, std::unique_ptr<SQLite::Database> sip);

  std::unique_ptr<SQLite::Database> gateway_;
  std::unique_ptr<SQLite::Database> sip_;
};

}  // namespace neolia::gateway::state

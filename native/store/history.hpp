// SPDX-License-Identifier: Apache-2.0
/// What every committed change leaves behind: rows of the change log, from which others catch up, and of the audit,
/// which people read. Throws SQLite::Exception.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "model/json.hpp"
#include "model/objects.hpp"
#include "store/moment.hpp"

namespace neolia::store {

class Connection;

using Revision = std::int64_t;

/// The change log reaches so many revisions back.
inline constexpr Revision kKeptRevisions = 10'000;

/// What differs between two revisions. An object that came and went between them is in none of the lists.
struct ChangeSet {
  Revision revision = 0;  ///< the newer one
  model::ObjectIds added;
  model::ObjectIds updated;
  model::ObjectIds removed;

  bool operator==(const ChangeSet&) const = default;
};

/// Whose change, which and when.
struct Author {
  Revision revision = 0;
  std::chrono::system_clock::time_point at;
  std::string_view actor;
};

/// `inverse` holds the objects from before.
void write_history(Connection& connection, const Author& author, const model::Change& change,
                   const model::Change& inverse);

/// From `base`, which the log still reaches, to `revision`, the present one.
[[nodiscard]] ChangeSet read_changes(Connection& connection, Revision base, Revision revision);

/// The newest first, those below `before` only (docs/architecture.md §6).
[[nodiscard]] model::Json read_audit(Connection& connection, std::size_t limit, std::optional<std::int64_t> before);

/// The moment of the newest entry of the audit.
[[nodiscard]] std::optional<Moment> read_changed_at(Connection& connection);

}  // namespace neolia::store

// SPDX-License-Identifier: Apache-2.0
/// What HA publishes to a gateway: the whole directory, or what changed since a revision (docs/architecture.md §5).
/// The texts contain credentials: they go to the gateway and nowhere else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/error.hpp"
#include "model/objects.hpp"
#include "rules/facts.hpp"

namespace neolia::snapshot {

using Revision = std::int64_t;

/// The newest form that this code writes and reads.
inline constexpr int kFormat = 1;

struct Snapshot {
  model::DirectoryInfo directory;
  Revision revision = 0;
  model::Objects objects;

  bool operator==(const Snapshot&) const = default;
};

/// The change that leads from `base_revision` to `revision`.
struct Changes {
  model::Id directory_id;
  Revision base_revision = 0;
  Revision revision = 0;
  model::Change change;

  bool operator==(const Changes&) const = default;
};

/// Objects in the order of their ids: equal facts give equal text.
[[nodiscard]] std::string write(const model::DirectoryInfo& directory, Revision revision, const rules::Facts& facts);
[[nodiscard]] std::string write(const Changes& changes);

/// Strict: `invalid` with the bad fields ("accounts[17].username"), for text that is no JSON, is longer than
/// `max_bytes`, is of another format, has unknown, missing or bad fields, or an id twice. Each object is checked on its
/// own; whether they fit together is check()'s question. Never throws for what the text contains.
[[nodiscard]] model::Result<Snapshot> read(std::string_view text, std::size_t max_bytes);
[[nodiscard]] model::Result<Changes> read_changes(std::string_view text, std::size_t max_bytes);

/// rules::check() with the findings named as places in the text that `change` came from: `path` is "" for a whole
/// snapshot and "changed." for changes. `change` is as read() gave it, `facts` have it applied, `inverse` is what that
/// returned.
[[nodiscard]] model::Result<void> check(const rules::Facts& facts, const model::Change& change,
                                        const model::Change& inverse, std::string_view path);

}  // namespace neolia::snapshot

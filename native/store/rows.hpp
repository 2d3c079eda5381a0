// SPDX-License-Identifier: Apache-2.0
/// Reads and writes objects as rows. Throws SQLite::Exception.
#pragma once

#include "model/objects.hpp"
#include "store/connection.hpp"

namespace neolia::store {

[[nodiscard]] model::Objects read_objects(Connection& connection);

/// Inserts or replaces what was put, deletes what was removed. Foreign keys are checked at commit.
void write_change(Connection& connection, const model::Change& change);

}  // namespace neolia::store

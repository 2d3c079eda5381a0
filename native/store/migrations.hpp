// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "store/connection.hpp"

namespace neolia::store {

/// "Neol": tells our files from other SQLite files.
inline constexpr std::int64_t kApplicationId = 0x4e656f6c;

/// A step from schema `number - 1` to schema `number` (SQLite's user_version).
struct Migration {
  int number;
  const char* description;
  const char* sql;
};

/// All of them in order, from 1 without gaps. One that was released never changes.
[[nodiscard]] std::span<const Migration> migrations();

[[nodiscard]] int newest_schema();

/// Runs those that are missing, each in a transaction of its own. Throws SQLite::Exception.
void migrate(Connection& connection);

}  // namespace neolia::store

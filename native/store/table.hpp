// SPDX-License-Identifier: Apache-2.0
/// How objects become rows: a table per noun, a column per field.
#pragma once

#include <string>
#include <vector>

#include "model/objects.hpp"
#include "store/connection.hpp"

namespace neolia::store {

/// `read` throws SQLite::Exception (SQLITE_CORRUPT) for what `bind` never writes.
template <typename Object>
struct Column {
  const char* name;
  void (*bind)(SQLite::Statement& statement, int index, const Object& object);
  void (*read)(const SQLite::Column& value, Object& object);
};

template <typename Object>
struct Table {
  const char* name;
  std::vector<Column<Object>> columns;  ///< the first is `id`
};

/// Defined beside each noun's columns: site_table.cpp and so on.
template <typename Object>
[[nodiscard]] const Table<Object>& table();

template <>
const Table<model::Site>& table<model::Site>();
template <>
const Table<model::Building>& table<model::Building>();
template <>
const Table<model::Unit>& table<model::Unit>();
template <>
const Table<model::Account>& table<model::Account>();
template <>
const Table<model::Door>& table<model::Door>();
template <>
const Table<model::Rule>& table<model::Rule>();

}  // namespace neolia::store

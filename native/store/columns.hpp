// SPDX-License-Identifier: Apache-2.0
/// The kinds of columns that the nouns' tables are made of.
#pragma once

#include <sqlite3.h>

#include <SQLiteCpp/Exception.h>

#include <string>
#include <type_traits>

#include "model/json.hpp"
#include "model/names.hpp"
#include "store/table.hpp"

namespace neolia::store {

[[noreturn]] inline void throw_corrupt(const std::string& what) { throw SQLite::Exception(what, SQLITE_CORRUPT); }

inline void bind_value(SQLite::Statement& statement, int index, const std::string& value) {
  statement.bindNoCopy(index, value);
}
inline void bind_value(SQLite::Statement& statement, int index, bool value) { statement.bind(index, value ? 1 : 0); }
inline void bind_value(SQLite::Statement& statement, int index, int value) { statement.bind(index, value); }
template <typename Enum>
requires std::is_enum_v<Enum>
void bind_value(SQLite::Statement& statement, int index, Enum value) {
  statement.bind(index, std::string(model::to_string(value)));
}

inline void read_value(const SQLite::Column& value, std::string& member) { member = value.getString(); }
inline void read_value(const SQLite::Column& value, bool& member) { member = value.getInt() != 0; }
inline void read_value(const SQLite::Column& value, int& member) { member = value.getInt(); }
template <typename Enum>
requires std::is_enum_v<Enum>
void read_value(const SQLite::Column& value, Enum& member) {
  const auto read = model::from_string<Enum>(value.getText());
  if (!read) throw_corrupt(std::string("unknown ") + value.getName() + " in a row");
  member = *read;
}

template <typename Object, typename Member>
Object object_of(Member Object::*);

/// A member stored as it is.
template <auto kMember, typename Object = decltype(object_of(kMember))>
Column<Object> column(const char* name) {
  return {name,
          [](SQLite::Statement& statement, int index, const Object& object) {
            bind_value(statement, index, object.*kMember);
          },
          [](const SQLite::Column& value, Object& object) { read_value(value, object.*kMember); }};
}

/// The owner's id in the column of its type; NULL in the two others.
template <typename Object, model::OwnerType kType>
Column<Object> owner_column(const char* name) {
  return {name,
          [](SQLite::Statement& statement, int index, const Object& object) {
            if (object.owner.type == kType) {
              statement.bindNoCopy(index, object.owner.id);
            } else {
              statement.bind(index);
            }
          },
          [](const SQLite::Column& value, Object& object) {
            if (!value.isNull()) object.owner = {kType, value.getString()};
          }};
}

/// Applies JSON fields that were written by model::to_json to an object whose other fields are there already.
template <typename Object>
void read_json_fields(const model::Json& fields, Object& object) {
  std::vector<model::FieldError> errors;
  model::read_fields(fields, object, "", errors);
  if (!errors.empty()) throw_corrupt("bad " + errors.front().path + " in a row");
}

[[nodiscard]] inline model::Json parse_json(const SQLite::Column& value) {
  model::Json json = model::Json::parse(value.getText(), nullptr, false);
  if (json.is_discarded()) throw_corrupt(std::string("bad ") + value.getName() + " in a row");
  return json;
}

}  // namespace neolia::store

// SPDX-License-Identifier: Apache-2.0
#include "store/rows.hpp"

#include <string>
#include <vector>

#include "store/table.hpp"

namespace neolia::store {
namespace {

template <typename Object>
std::string select_sql() {
  std::string names;
  for (const auto& column : table<Object>().columns) names += (names.empty() ? "" : ", ") + std::string(column.name);
  return "SELECT " + names + " FROM " + table<Object>().name;
}

/// An update in place rather than a replacement, which would delete a row that others refer to.
template <typename Object>
std::string upsert_sql() {
  std::string names;
  std::string values;
  std::string updates;
  for (const auto& column : table<Object>().columns) {
    const std::string name = column.name;
    names += (names.empty() ? "" : ", ") + name;
    values += values.empty() ? "?" : ", ?";
    if (name != "id") updates += (updates.empty() ? "" : ", ") + name + " = excluded." + name;
  }
  return std::string("INSERT INTO ") + table<Object>().name + " (" + names + ") VALUES (" + values +
         ") ON CONFLICT (id) DO UPDATE SET " + updates;
}

template <typename Object>
std::vector<Object> read_rows(Connection& connection) {
  std::vector<Object> objects;
  const auto& columns = table<Object>().columns;
  Query query = connection.query(select_sql<Object>());
  while (query.step()) {
    Object& object = objects.emplace_back();
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].read(query.column(static_cast<int>(i)), object);
  }
  return objects;
}

template <typename Object>
void upsert(Connection& connection, const std::vector<Object>& objects) {
  static const std::string kSql = upsert_sql<Object>();
  const auto& columns = table<Object>().columns;
  for (const Object& object : objects) {
    Query query = connection.query(kSql);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i].bind(query.statement(), static_cast<int>(i) + 1, object);
    }
    query.step();
  }
}

template <typename Object>
void erase(Connection& connection, const std::vector<model::Id>& ids) {
  static const std::string kSql = std::string("DELETE FROM ") + table<Object>().name + " WHERE id = ?";
  for (const model::Id& id : ids) connection.run(kSql, id);
}

}  // namespace

model::Objects read_objects(Connection& connection) {
  model::Objects objects;
  model::for_each_noun(
      [&](auto noun) { noun.objects(objects) = read_rows<typename decltype(noun)::Object>(connection); });
  return objects;
}

void write_change(Connection& connection, const model::Change& change) {
  model::for_each_noun([&](auto noun) {
    using Object = typename decltype(noun)::Object;
    upsert(connection, noun.objects(change.put));
    erase<Object>(connection, noun.ids(change.removed));
  });
}

}  // namespace neolia::store

// SPDX-License-Identifier: Apache-2.0
#include "store/columns.hpp"

namespace neolia::store {
namespace {

using model::Door;
using model::OpenByAction;
using model::OpenByDtmf;
using model::OpenByHttp;

/// A member of one way to open; NULL when the door opens another way. The columns that are not NULL tell the way.
template <auto kMember, typename Way = decltype(object_of(kMember))>
Column<Door> way(const char* name) {
  return {name,
          [](SQLite::Statement& statement, int index, const Door& door) {
            if (const auto* method = std::get_if<Way>(&door.method)) {
              statement.bindNoCopy(index, method->*kMember);
            } else {
              statement.bind(index);
            }
          },
          [](const SQLite::Column& value, Door& door) {
            if (value.isNull()) return;
            if (!std::holds_alternative<Way>(door.method)) door.method = Way{};
            std::get<Way>(door.method).*kMember = value.getString();
          }};
}

}  // namespace

template <>
const Table<Door>& table<Door>() {
  static const Table<Door> kTable{
      "doors",
      {column<&Door::id>("id"), column<&Door::account_id>("account_id"), column<&Door::name>("name"),
       way<&OpenByDtmf::dtmf_code>("dtmf_code"), way<&OpenByHttp::http_url>("http_url"),
       way<&OpenByAction::ha_action>("ha_action"), way<&OpenByAction::ha_entity_id>("ha_entity_id")}};
  return kTable;
}

}  // namespace neolia::store

// SPDX-License-Identifier: Apache-2.0
#include "store/columns.hpp"

namespace neolia::store {

using model::Building;

template <>
const Table<Building>& table<Building>() {
  static const Table<Building> kTable{"buildings",
                                      {column<&Building::id>("id"), column<&Building::site_id>("site_id"),
                                       column<&Building::name>("name"), column<&Building::code>("code")}};
  return kTable;
}

}  // namespace neolia::store

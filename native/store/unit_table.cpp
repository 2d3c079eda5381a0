// SPDX-License-Identifier: Apache-2.0
#include "store/columns.hpp"

namespace neolia::store {

using model::Unit;

template <>
const Table<Unit>& table<Unit>() {
  static const Table<Unit> kTable{
      "units",
      {column<&Unit::id>("id"), column<&Unit::building_id>("building_id"), column<&Unit::name>("name"),
       column<&Unit::number>("number"), column<&Unit::do_not_disturb>("do_not_disturb")}};
  return kTable;
}

}  // namespace neolia::store

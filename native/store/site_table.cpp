// SPDX-License-Identifier: Apache-2.0
#include "store/columns.hpp"

namespace neolia::store {
namespace {

using model::Json;
using model::Site;

void bind_allowed_domains(SQLite::Statement& statement, int index, const Site& site) {
  statement.bind(index, Json(site.allowed_domains).dump());
}

void read_allowed_domains(const SQLite::Column& value, Site& site) {
  read_json_fields({{"allowed_domains", parse_json(value)}}, site);
}

}  // namespace

template <>
const Table<Site>& table<Site>() {
  static const Table<Site> kTable{"sites",
                                  {column<&Site::id>("id"),
                                   column<&Site::name>("name"),
                                   column<&Site::time_zone>("time_zone"),
                                   column<&Site::domain>("domain"),
                                   {"allowed_domains", bind_allowed_domains, read_allowed_domains}}};
  return kTable;
}

}  // namespace neolia::store

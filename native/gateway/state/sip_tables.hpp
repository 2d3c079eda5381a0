// SPDX-License-Identifier: Apache-2.0
/// The rows of sip.sqlite. Inside this folder only; throws SQLite::Exception.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/compile.hpp"

namespace SQLite {
class Database;
}

namespace neolia::gateway::state {

using Entries = std::map<std::string, std::string>;

[[nodiscard]] rules::Tables read_tables(SQLite::Database& sip);
[[nodiscard]] Entries read_sys(SQLite::Database& sip);

/// Returns the usernames whose credentials went or became others.
std::vector<std::string> write_tables(SQLite::Database& sip, const rules::TablesChange& change);
void write_sys(SQLite::Database& sip, const Entries& values);

}  // namespace neolia::gateway::state

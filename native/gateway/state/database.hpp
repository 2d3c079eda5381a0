// SPDX-License-Identifier: Apache-2.0
/// What the files of this folder share. SQLite's types and exceptions stay in this folder.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <memory>
#include <string>
#include <type_traits>

#include "model/error.hpp"

namespace neolia::gateway::state {

using DatabasePtr = std::unique_ptr<SQLite::Database>;

/// `what` and SQLite's own words.
[[nodiscard]] model::Error to_error(const SQLite::Exception& exception, const std::string& what);

/// The value of `body`, or the error that its SQLite::Exception stands for.
template <typename Body>
auto guarded(const std::string& what, Body body) -> model::Result<std::invoke_result_t<Body>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Body>>) {
      body();
      return {};
    } else {
      return body();
    }
  } catch (const SQLite::Exception& exception) {
    return tl::unexpected(to_error(exception, what));
  }
}

/// Of files that take a whole snapshot: a quarter of the writes that SQLite's usual pages need.
inline constexpr int kLargePages = 16384;

struct Schema {
  const char* sql;
  int version;     ///< that `sql` makes (user_version)
  int newest = 0;  ///< that the caller brings it to; the same when 0
  int page_bytes = 4096;
};

/// Opens a file for its one writer; makes it first (0600, WAL, `schema`, a random application_id) when it is not there
/// or empty. `too_new` when its version is above the newest; an older one is opened as it is.
[[nodiscard]] DatabasePtr open_or_create(const std::string& path, const Schema& schema);

/// A file that a quick check finds damaged is renamed, with its log, to `<path>.corrupt` (at most five such files are
/// kept), and this is logged; true then. Whole and missing files stay as they are. Who has it open keeps the old one.
[[nodiscard]] model::Result<bool> set_aside_damaged(const std::string& path);

/// Of a file whose contents can all be made again: drops every table and view, and makes them by `schema`. The file
/// stays the same one for whoever has it open.
void make_again(SQLite::Database& database, const Schema& schema);

[[nodiscard]] int version_of(SQLite::Database& database);
void set_version(SQLite::Database& database, int version);

/// Opens a file that is there already, for one more writer of this process. SQLite lets them take turns.
[[nodiscard]] DatabasePtr open_present(const std::string& path);

/// Opens a file that another process writes.
[[nodiscard]] DatabasePtr open_read_only(const std::string& path);

}  // namespace neolia::gateway::state

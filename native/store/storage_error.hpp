// SPDX-License-Identifier: Apache-2.0
/// What went wrong with the file, as values for people. SQLite::Exception ends here.
#pragma once

#include <SQLiteCpp/Exception.h>

#include <filesystem>
#include <type_traits>

#include "model/error.hpp"
#include "store/connection.hpp"

namespace neolia::store {

[[nodiscard]] model::Error busy_error(const std::filesystem::path& file);
[[nodiscard]] model::Error corrupt_error(const std::filesystem::path& file, const std::string& detail);
[[nodiscard]] model::Error system_error(int number, const std::filesystem::path& file);

/// `system_number`: errno of the failed system call, 0 when unknown.
[[nodiscard]] model::Error storage_error(const SQLite::Exception& exception, int system_number,
                                         const std::filesystem::path& file);

/// Runs `work`, whose result is a model::Result, and turns SQLite's exceptions into errors.
template <typename Work>
std::invoke_result_t<Work> guarded(const Connection& connection, Work&& work) {
  try {
    return work();
  } catch (const SQLite::Exception& exception) {
    return tl::unexpected(storage_error(exception, connection.system_number(), connection.path()));
  }
}

}  // namespace neolia::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "rules/compile.hpp"

namespace neolia::gateway {

/// What leads from `before` to `after`.
[[nodiscard]] rules::TablesChange difference(const rules::Tables& before, const rules::Tables& after);

/// Entries of htables that the change writes or deletes; credentials are not among them.
[[nodiscard]] std::size_t count_entries(const rules::TablesChange& change);

/// Whether it writes nothing at all.
[[nodiscard]] bool is_empty(const rules::TablesChange& change);

}  // namespace neolia::gateway

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "model/error.hpp"
#include "model/json.hpp"

namespace neolia::snapshot {

/// Takes one element of a list, with the list's path and the element's index.
using OnElement = std::function<void(const std::string& list, std::size_t index, const model::Json& element)>;

/// Parses JSON text whose bulk are the lists at `lists` ("accounts", "changed.accounts"). Each of their elements is
/// handed over and forgotten, so that the whole never stands in memory as JSON; what is left, with empty lists, is
/// returned. `invalid` for bad syntax, a list given twice, and anything nested or large beyond what a directory can
/// need.
[[nodiscard]] model::Result<model::Json> parse_lists(std::string_view text, const std::set<std::string>& lists,
                                                     const OnElement& on_element);

}  // namespace neolia::snapshot

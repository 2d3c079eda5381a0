// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "rules/facts.hpp"

namespace neolia::rules {

/// `*` stands for any run of characters, `?` for any one; everything else for itself.
[[nodiscard]] bool matches_glob(std::string_view glob, std::string_view text);

/// Whether a caller, of the same site as the called unit, is a source of this pattern:
/// `@door` a door of the unit, of its building, or of the site itself; `@unit` an account of the unit; `@building` an
/// account of its building or of a unit in it; `@site` any account; else a glob on the username.
[[nodiscard]] bool matches_source(const Facts& facts, std::string_view pattern, const model::Account& caller,
                                  const model::Unit& called);

}  // namespace neolia::rules

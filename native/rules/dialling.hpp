// SPDX-License-Identifier: Apache-2.0
/// From what was dialled to whom. Letters are case-folded; nothing is found outside the building or site given.
#pragma once

#include <string_view>
#include <vector>

#include "rules/facts.hpp"

namespace neolia::rules {

/// A unit, an account, or neither.
struct Dialled {
  const model::Unit* unit = nullptr;
  const model::Account* account = nullptr;

  explicit operator bool() const { return unit != nullptr || account != nullptr; }
};

/// Units of the site whose building code + number read like this; one at most when the facts are consistent.
[[nodiscard]] std::vector<const model::Unit*> units_by_form(const Facts& facts, std::string_view site_id,
                                                            std::string_view form);

/// The unit that has this number in the building.
[[nodiscard]] Dialled look_up_in_building(const Facts& facts, std::string_view building_id, std::string_view text);

/// The first of: building code + number; the number alone where the site has one building; a username of the site. Door
/// accounts that are off are not found; panels and mobiles that are off are, because their unit's rules may forward.
[[nodiscard]] Dialled look_up_in_site(const Facts& facts, std::string_view site_id, std::string_view text);

}  // namespace neolia::rules

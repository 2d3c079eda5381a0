// SPDX-License-Identifier: Apache-2.0
#include "rules/dialling.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace neolia::rules {
namespace {

constexpr std::size_t kMaxCode = 8;
constexpr std::size_t kMaxNumber = 16;
constexpr std::size_t kMaxUsername = 64;

const model::Account* find_account(const Facts& facts, std::string_view site_id, std::string_view text) {
  std::array<char, kMaxUsername> lower{};
  if (text.size() > lower.size()) return nullptr;
  std::ranges::transform(text, lower.begin(), Folded::fold);
  const model::Account* const account = facts.account_by_username({lower.data(), text.size()});
  if (account == nullptr || (account->kind == model::AccountKind::door && !account->enabled)) return nullptr;
  const model::Site* const site = facts.site_of(account->owner);
  return site != nullptr && site->id == site_id ? account : nullptr;
}

}  // namespace

std::vector<const model::Unit*> units_by_form(const Facts& facts, std::string_view site_id, std::string_view form) {
  std::vector<const model::Unit*> units;
  if (form.size() > kMaxCode + kMaxNumber) return units;
  for (std::size_t size = 1; size <= kMaxCode && size < form.size(); ++size) {
    for (const model::Building* building : facts.buildings_by_code(site_id, form.substr(0, size))) {
      const auto found = facts.units_by_number(building->id, form.substr(size));
      units.insert(units.end(), found.begin(), found.end());
    }
  }
  return units;
}

Dialled look_up_in_building(const Facts& facts, std::string_view building_id, std::string_view text) {
  const auto units = facts.units_by_number(building_id, text);
  return units.empty() ? Dialled{} : Dialled{units.front(), nullptr};
}

Dialled look_up_in_site(const Facts& facts, std::string_view site_id, std::string_view text) {
  const auto by_form = units_by_form(facts, site_id, text);
  if (!by_form.empty()) return {by_form.front(), nullptr};
  const auto buildings = facts.buildings_of(site_id);
  if (!buildings.empty() && std::next(buildings.begin()) == buildings.end()) {
    if (const Dialled alone = look_up_in_building(facts, buildings.front()->id, text)) return alone;
  }
  return {nullptr, find_account(facts, site_id, text)};
}

}  // namespace neolia::rules

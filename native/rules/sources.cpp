// SPDX-License-Identifier: Apache-2.0
#include "rules/sources.hpp"

#include <cstddef>

namespace neolia::rules {
namespace {

bool is_door_of(const model::Account& caller, const model::Unit& called) {
  const model::Owner& owner = caller.owner;
  return caller.kind == model::AccountKind::door &&
         (owner.type == model::OwnerType::site || owner.id == called.id || owner.id == called.building_id);
}

bool is_in_building(const Facts& facts, const model::Account& caller, const model::Unit& called) {
  const model::Building* const building = facts.building_of(caller.owner);
  return building != nullptr && building->id == called.building_id;
}

}  // namespace

bool matches_glob(std::string_view glob, std::string_view text) {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t at = 0, in = 0, star = kNone, mark = 0;
  while (in < text.size()) {
    if (at < glob.size() && glob[at] == '*') {
      star = at++;
      mark = in;
    } else if (at < glob.size() && (glob[at] == '?' || glob[at] == text[in])) {
      ++at;
      ++in;
    } else if (star != kNone) {  // let the last star take one character more
      at = star + 1;
      in = ++mark;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', at) == kNone;
}

bool matches_source(const Facts& facts, std::string_view pattern, const model::Account& caller,
                    const model::Unit& called) {
  if (pattern == "@door") return is_door_of(caller, called);
  if (pattern == "@unit") return caller.owner.id == called.id;
  if (pattern == "@building") return is_in_building(facts, caller, called);
  if (pattern == "@site") return true;
  return matches_glob(pattern, caller.username);
}

}  // namespace neolia::rules

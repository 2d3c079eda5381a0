// SPDX-License-Identifier: Apache-2.0
#include "rules/ringing.hpp"

#include <algorithm>

namespace neolia::rules {

bool may_ring(const Facts& facts, const model::Account& account) {
  if (account.kind == model::AccountKind::door) return account.enabled;
  const model::Unit* const unit = facts.unit_of(account.owner);
  return account.enabled && unit != nullptr && !unit->do_not_disturb;
}

std::vector<std::string> ring_targets(const Facts& facts, const model::Unit& unit) {
  std::vector<std::string> usernames;
  for (const model::Account* account : facts.accounts_of(unit.id)) {
    if (account->kind != model::AccountKind::door && may_ring(facts, *account)) usernames.push_back(account->username);
  }
  return usernames;
}

std::vector<std::string> ring_targets(const Facts& facts, const std::vector<model::Id>& account_ids) {
  std::vector<std::string> usernames;
  for (const model::Id& id : account_ids) {
    const model::Account* const account = facts.account(id);
    if (account != nullptr && may_ring(facts, *account)) usernames.push_back(account->username);
  }
  std::ranges::sort(usernames);
  return usernames;
}

}  // namespace neolia::rules

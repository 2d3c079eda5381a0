// SPDX-License-Identifier: Apache-2.0
#include "rules/target_check.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "model/forms.hpp"
#include "rules/before.hpp"

namespace neolia::rules {
namespace {

using model::AccountKind;
using model::FieldCode;

bool is_same_site(const Facts& facts, const model::Rule& rule, const auto& object) {
  const SiteIds sites(facts);
  return sites.of(rule) == sites.of(object);
}

class TargetCheck {
 public:
  TargetCheck(const Facts& facts, const model::Rule& rule, Findings& findings)
      : facts_(facts), rule_(rule), findings_(findings) {}

  void operator()(const model::RingAccounts& ring) {
    if (rule_.owner.type != model::OwnerType::unit) {
      findings_.refuse(FieldCode::wrong_kind, "target.type", "Only a unit's rule can ring named accounts.");
      return;
    }
    for (std::size_t i = 0; i < ring.account_ids.size(); ++i) {
      check_named(ring.account_ids[i], "target.account_ids[" + std::to_string(i) + "]");
    }
  }

  void operator()(const model::ForwardAccount& forward) {
    const model::Account* const account = facts_.account(forward.account_id);
    if (account == nullptr) {
      findings_.refuse(FieldCode::not_found, "target.account_id", "There is no such account.");
    } else if (!is_same_site(facts_, rule_, *account)) {
      findings_.refuse(FieldCode::other_site, "target.account_id", "Must be an account of the rule's own site.");
    }
  }

  void operator()(const model::ForwardUnit& forward) {
    const model::Unit* const unit = facts_.unit(forward.unit_id);
    if (unit == nullptr) {
      findings_.refuse(FieldCode::not_found, "target.unit_id", "There is no such unit.");
    } else if (!is_same_site(facts_, rule_, *unit)) {
      findings_.refuse(FieldCode::other_site, "target.unit_id", "Must be a unit of the rule's own site.");
    }
  }

  void operator()(const model::ForwardUri& forward) {
    const model::Site* const site = facts_.site_of(rule_.owner);
    const std::string_view domain = model::domain_of(forward.uri);
    if (site == nullptr || std::ranges::find(site->allowed_domains, domain) != site->allowed_domains.end()) return;
    findings_.refuse(FieldCode::not_found, "target.uri",
                     "The site does not allow forwarding to " + std::string(domain) + "; see its allowed domains.");
  }

  void operator()(const auto&) {}

 private:
  void check_named(const model::Id& id, const std::string& path) {
    const model::Account* const account = facts_.account(id);
    if (account == nullptr || account->owner != rule_.owner) {
      findings_.refuse(FieldCode::not_found, path, "The rule's own unit has no such account.");
    } else if (account->kind == AccountKind::door) {
      findings_.refuse(FieldCode::wrong_kind, path, "Must be a panel or mobile; a door is not rung by rules.");
    }
  }

  const Facts& facts_;
  const model::Rule& rule_;
  Findings& findings_;
};

}  // namespace

void check_target(const Facts& facts, const model::Rule& rule, Findings& findings) {
  std::visit(TargetCheck(facts, rule, findings), rule.target);
}

bool may_name(const Facts& facts, const model::Rule& rule, const model::Account& account) {
  if (!std::holds_alternative<model::RingAccounts>(rule.target)) return is_same_site(facts, rule, account);
  return account.owner == rule.owner && account.kind != AccountKind::door;
}

}  // namespace neolia::rules

// SPDX-License-Identifier: Apache-2.0
#include "rules/consistency.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_set>

#include "rules/before.hpp"
#include "rules/dialling.hpp"
#include "rules/findings.hpp"
#include "rules/schedule.hpp"
#include "rules/target_check.hpp"

namespace neolia::rules {
namespace {

using model::AccountKind;
using model::FieldCode;
using model::OwnerType;

constexpr std::size_t kMaxDevices = 16;  ///< panels and mobiles of a unit

/// The field that says what an object stands in.
constexpr const char* parent_field(const model::Building&) { return "site_id"; }
constexpr const char* parent_field(const model::Unit&) { return "building_id"; }
constexpr const char* parent_field(const model::Door&) { return "account_id"; }
constexpr const char* parent_field(const auto&) { return "owner"; }

bool is_empty(const auto&... ranges) { return (ranges.empty() && ...); }

bool has_several(const auto& range) { return !range.empty() && std::next(range.begin()) != range.end(); }

class Check {
 public:
  Check(const Facts& facts, const model::Change& inverse, std::vector<Finding>& findings)
      : facts_(facts), before_(facts, inverse), all_(findings) {}

  template <typename Noun>
  void put(const Noun& noun, const typename Noun::Object& object) {
    Findings findings(all_, noun.name, object.id);
    if (!ids_.insert(object.id).second || is_of_other_noun<typename Noun::Object>(object.id)) {
      findings.refuse(FieldCode::duplicate, "id", "Another object has this id.");
    }
    check_site(object, findings);
    check(object, findings);
  }

  template <typename Noun>
  void removed(const Noun& noun, const model::Id& id) {
    Findings findings(all_, noun.name, id);
    if (!is_empty(facts_.buildings_of(id), facts_.units_of(id), facts_.accounts_of(id), facts_.doors_of(id),
                  facts_.rules_of(id))) {
      findings.refuse(FieldCode::in_use, "", "Still contains other objects.");
    }
    for (const model::Rule* rule : facts_.rules_naming(id)) {
      findings.refuse(FieldCode::in_use, "", "Is a target of " + title(*rule) + ".");
    }
  }

 private:
  template <typename Object>
  [[nodiscard]] bool is_of_other_noun(const model::Id& id) const {
    bool found = false;
    model::for_each_noun([&](const auto& noun) {
      using Other = typename std::decay_t<decltype(noun)>::Object;
      if constexpr (!std::is_same_v<Object, Other>) found = found || facts_.find<Other>(id) != nullptr;
    });
    return found;
  }

  /// What an object stands in must be there; it may change, but not the site.
  template <typename Object>
  void check_site(const Object& object, Findings& findings) {
    const std::string_view now = SiteIds(facts_).of(object);
    const Object* const old = before_.changed<Object>(object.id);
    if (facts_.site(now) == nullptr) {
      findings.refuse(FieldCode::not_found, parent_field(object), "There is no such object.");
    } else if (old != nullptr && SiteIds(before_).of(*old) != now) {
      findings.refuse(FieldCode::other_site, parent_field(object), "Nothing can be moved to another site.");
    }
  }

  void check(const model::Site& site, Findings& findings) {
    if (!is_time_zone(site.time_zone)) {
      findings.refuse(FieldCode::format, "time_zone", "This machine knows no time zone of this name.");
    }
    const model::Site* const old = before_.changed<model::Site>(site.id);
    if (old == nullptr) return;
    for (const std::string& domain : old->allowed_domains) {
      if (std::ranges::find(site.allowed_domains, domain) == site.allowed_domains.end()) {
        check_domain_is_free(site, domain, findings);
      }
    }
  }

  void check_domain_is_free(const model::Site& site, const std::string& domain, Findings& findings) {
    for (const model::Rule* rule : facts_.rules_naming(domain)) {
      if (SiteIds(facts_).of(*rule) != site.id) continue;
      findings.refuse(FieldCode::in_use, "allowed_domains", title(*rule) + " forwards to " + domain + ".");
    }
  }

  void check(const model::Building& building, Findings& findings) {
    if (has_several(facts_.buildings_by_code(building.site_id, building.code))) {
      findings.refuse(FieldCode::duplicate, "code", "Another building of the site has this code.");
      return;
    }
    const model::Building* const old = before_.changed<model::Building>(building.id);
    if (old == nullptr || Folded{old->code} == Folded{building.code}) return;
    for (const model::Unit* unit : facts_.units_of(building.id)) check_form(*unit, building, "code", findings);
  }

  void check(const model::Unit& unit, Findings& findings) {
    const model::Building* const building = facts_.building_of(unit);
    if (building == nullptr) return;
    check_form(unit, *building, "number", findings);
    check_no_username(unit.number, building->site_id, "number", findings);
  }

  /// Building code + number must lead to this unit alone.
  void check_form(const model::Unit& unit, const model::Building& building, const char* field, Findings& findings) {
    const std::string form = building.code + unit.number;
    for (const model::Unit* other : units_by_form(facts_, building.site_id, form)) {
      if (other->id == unit.id) continue;
      const model::Building* const its = facts_.building_of(*other);
      findings.refuse(FieldCode::duplicate, field,
                      "Building code and number read " + form + ", as do those of unit " + other->number +
                          " of building " + its->code + ".");
    }
    check_no_username(form, building.site_id, field, findings);
  }

  void check_no_username(const std::string& dialled, std::string_view site_id, const char* field, Findings& findings) {
    std::string username = dialled;
    std::ranges::transform(username, username.begin(), Folded::fold);
    const model::Account* const account = facts_.account_by_username(username);
    if (account == nullptr || SiteIds(facts_).of(*account) != site_id) return;
    findings.refuse(FieldCode::duplicate, field, "Reads like the username " + username + " of this site.");
  }

  void check(const model::Account& account, Findings& findings) {
    if (has_several(facts_.accounts_by_username(account.username))) {
      findings.refuse(FieldCode::duplicate, "username", "Another account has this username.");
    }
    check_no_number(account, findings);
    if (account.kind != AccountKind::door) check_device(account, findings);
    check_users(account, findings);
  }

  void check_no_number(const model::Account& account, Findings& findings) {
    const std::string_view site_id = SiteIds(facts_).of(account);
    const auto is_here = [&](const model::Unit* unit) { return SiteIds(facts_).of(*unit) == site_id; };
    if (std::ranges::any_of(facts_.units_by_number(account.username), is_here) ||
        !units_by_form(facts_, site_id, account.username).empty()) {
      findings.refuse(FieldCode::duplicate, "username", "Reads like the number of a unit of this site.");
    }
  }

  void check_device(const model::Account& account, Findings& findings) {
    if (account.owner.type != OwnerType::unit) {
      findings.refuse(FieldCode::wrong_kind, "owner.type", "A panel or mobile belongs to a unit.");
      return;
    }
    std::size_t devices = 0;
    for (const model::Account* other : facts_.accounts_of(account.owner.id)) {
      if (other->kind != AccountKind::door && ++devices > kMaxDevices) {
        findings.refuse(FieldCode::too_many, "owner", "A unit has at most 16 panels and mobiles.");
        return;
      }
    }
  }

  /// Doors and rules that use the account must fit it still.
  void check_users(const model::Account& account, Findings& findings) {
    const model::Account* const old = before_.changed<model::Account>(account.id);
    if (old == nullptr || (old->kind == account.kind && old->owner == account.owner)) return;
    if (account.kind != AccountKind::door && !facts_.doors_of(account.id).empty()) {
      findings.refuse(FieldCode::in_use, "kind", "Doors are opened through this account.");
    }
    for (const model::Rule* rule : facts_.rules_naming(account.id)) {
      if (may_name(facts_, *rule, account)) continue;
      findings.refuse(FieldCode::in_use, old->kind == account.kind ? "owner" : "kind",
                      "Is a target of " + title(*rule) + ".");
    }
  }

  void check(const model::Door& door, Findings& findings) {
    const model::Account* const account = facts_.account(door.account_id);
    if (account == nullptr || account->kind == AccountKind::door) return;
    findings.refuse(FieldCode::wrong_kind, "account_id", "Must be an account of kind door.");
  }

  void check(const model::Rule& rule, Findings& findings) {
    if (has_several(facts_.rules_at(rule.owner.id, rule.position))) {
      findings.refuse(FieldCode::duplicate, "position", "Another rule of the same owner has this position.");
    }
    check_target(facts_, rule, findings);
  }

  /// "Rule 2 of unit 401"
  [[nodiscard]] std::string title(const model::Rule& rule) const {
    const std::string start = "rule " + std::to_string(rule.position) + " of ";
    if (const auto* unit = facts_.unit(rule.owner.id)) return start + "unit " + unit->number;
    if (const auto* building = facts_.building(rule.owner.id)) return start + "building " + building->code;
    const auto* const site = facts_.site(rule.owner.id);
    return start + "site " + (site == nullptr ? rule.owner.id : site->name);
  }

  const Facts& facts_;
  const Before before_;
  std::vector<Finding>& all_;
  std::unordered_set<std::string_view> ids_;
};

}  // namespace

std::vector<Finding> check(const Facts& facts, const model::Change& change, const model::Change& inverse) {
  std::vector<Finding> findings;
  Check check(facts, inverse, findings);
  model::for_each_noun([&](const auto& noun) {
    for (const auto& object : noun.objects(change.put)) check.put(noun, object);
    for (const model::Id& id : noun.ids(change.removed)) check.removed(noun, id);
  });
  return findings;
}

bool are_consistent(const Facts& facts) {
  std::vector<Finding> findings;
  Check check(facts, {}, findings);
  model::for_each_noun([&](const auto& noun) {
    for (const auto& object : facts.all<typename std::decay_t<decltype(noun)>::Object>()) check.put(noun, object);
  });
  return findings.empty();
}

}  // namespace neolia::rules

// SPDX-License-Identifier: Apache-2.0
#include "rules/random_directory.hpp"

#include <algorithm>
#include <array>

#include "model/seeded.hpp"
#include "rules/consistency.hpp"
#include "rules/contained.hpp"

namespace neolia::rules {
namespace {

using namespace model;

constexpr std::array kZones{"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"};
constexpr std::array kDomains{"pbx.example.org", "desk.example.org"};

std::string one_of(std::mt19937_64& random, const std::vector<std::string>& texts) { return pick_from(random, texts); }

}  // namespace

template <typename Object>
const Object* RandomDirectory::any(const Facts& facts) {
  std::vector<const Object*> objects;
  for (const Object& object : facts.all<Object>()) objects.push_back(&object);
  if (objects.empty()) return nullptr;
  const auto chosen = objects.begin() + pick(random_, 0, static_cast<int>(objects.size()) - 1);
  std::ranges::nth_element(objects, chosen, {}, [](const Object* object) { return object->id; });
  return *chosen;
}

std::string RandomDirectory::word(std::string_view letters, int most) {
  std::string text;
  for (int i = pick(random_, 1, most); i > 0; --i) text += pick_from(random_, letters);
  return text;
}

Owner RandomDirectory::owner(const Facts& facts) {
  const int roll = pick(random_, 1, 100);
  if (const auto* unit = any<Unit>(facts); unit != nullptr && roll > 40) return {OwnerType::unit, unit->id};
  if (const auto* building = any<Building>(facts); building != nullptr && roll > 20) {
    return {OwnerType::building, building->id};
  }
  return {OwnerType::site, any<Site>(facts)->id};
}

Schedule RandomDirectory::schedule() {
  constexpr std::array kDays{Day::mon, Day::tue, Day::wed, Day::thu, Day::fri, Day::sat, Day::sun};
  Schedule schedule;
  for (int i = pick(random_, 1, 2); i > 0; --i) {
    Window window;
    std::ranges::copy_if(kDays, std::back_inserter(window.days), [&](Day) { return chance(random_, 50); });
    if (window.days.empty()) window.days = {Day::sun};
    window.from = static_cast<std::uint16_t>(pick(random_, 0, 47) * 30);
    window.to = static_cast<std::uint16_t>(pick(random_, 0, 47) * 30);
    schedule.windows.push_back(window);
  }
  return schedule;
}

Target RandomDirectory::target(const Facts& facts, const Owner& owner) {
  const auto* const account = any<Account>(facts);
  const auto* const unit = any<Unit>(facts);
  switch (pick(random_, 1, 8)) {
    case 1:
    case 2: {
      RingAccounts ring;
      for (const Account* each : facts.accounts_of(owner.id)) {
        if (each->kind != AccountKind::door && chance(random_, 60)) ring.account_ids.push_back(each->id);
      }
      if (!ring.account_ids.empty()) return ring;
      return RingAll{};
    }
    case 3:
      return account == nullptr ? Target(RingAll{}) : ForwardAccount{account->id};
    case 4:
      return unit == nullptr ? Target(RingAll{}) : ForwardUnit{unit->id};
    case 5:
      return ForwardUri{"sip:desk@" + std::string(pick_from(random_, kDomains))};
    case 6:
      return Voicemail{};
    case 7:
      return Reject{pick_from(random_, std::array<std::uint16_t, 4>{403, 480, 486, 603})};
    default:
      return RingAll{};
  }
}

void RandomDirectory::put_site(const Facts& facts, Change& change) {
  const Site* const old = any<Site>(facts);
  Site site = old != nullptr && (facts.all<Site>().size() > 2 || chance(random_, 70))
                  ? *old
                  : Site{new_id('s'), "S", "", "", {}};
  site.time_zone = pick_from(random_, kZones);
  site.allowed_domains.clear();
  for (const char* domain : kDomains) {
    if (chance(random_, 80)) site.allowed_domains.emplace_back(domain);
  }
  change.put.sites.push_back(site);
}

void RandomDirectory::put_building(const Facts& facts, Change& change) {
  const Building* const old = any<Building>(facts);
  Building building =
      old != nullptr && chance(random_, 40) ? *old : Building{new_id('b'), any<Site>(facts)->id, "B", ""};
  building.code = one_of(random_, {"A", "A1", "a2", "B", "B1", "1"});
  if (chance(random_, 5)) building.site_id = any<Site>(facts)->id;
  change.put.buildings.push_back(building);
}

void RandomDirectory::put_unit(const Facts& facts, Change& change) {
  const Building* const building = any<Building>(facts);
  if (building == nullptr) return;
  const Unit* const old = any<Unit>(facts);
  Unit unit =
      old != nullptr && chance(random_, 50) ? *old : Unit{new_id('u'), building->id, "U", word("1aB-", 2), false};
  unit.do_not_disturb = chance(random_, 25);
  if (chance(random_, 40)) unit.number = word("1aB-", 2);
  if (chance(random_, 20)) unit.building_id = building->id;
  change.put.units.push_back(unit);
}

void RandomDirectory::put_account(const Facts& facts, Change& change) {
  const Account* const old = any<Account>(facts);
  const bool is_new = old == nullptr || chance(random_, 60);
  Account account = is_new ? Account{new_id('a'), owner(facts), {}, word("ab1", 3), "A", true, {}} : *old;
  if (is_new || chance(random_, 15))
    account.kind = pick_from(random_, std::array{AccountKind::door, AccountKind::panel, AccountKind::mobile});
  if (!is_new && chance(random_, 20)) account.owner = owner(facts);
  if (!is_new && chance(random_, 20)) account.username = word("ab1", 3);
  account.enabled = chance(random_, 85);
  account.credentials.ha1_md5 = word("0123456789abcdef", 32);
  change.put.accounts.push_back(account);
}

void RandomDirectory::put_door(const Facts& facts, Change& change) {
  const Account* const account = any<Account>(facts);
  if (account == nullptr) return;
  change.put.doors.push_back({new_id('d'), account->id, "D", OpenByDtmf{"1"}});
}

void RandomDirectory::put_rule(const Facts& facts, Change& change) {
  const Rule* const old = any<Rule>(facts);
  const bool is_new = old == nullptr || chance(random_, 70);
  Rule rule = is_new ? Rule{} : *old;
  if (is_new) {
    rule.id = new_id('r');
    rule.owner = owner(facts);
  }
  rule.position = pick(random_, 1, 12);
  rule.enabled = chance(random_, 90);
  rule.source_pattern = one_of(random_, {"@door", "@unit", "@building", "@site", "*", "a*", "?b", "*1", "a1", "b??"});
  rule.schedule = chance(random_, 30) ? std::optional(schedule()) : std::nullopt;
  rule.target = target(facts, rule.owner);
  rule.ring_seconds = pick(random_, 5, 120);
  rule.on_decline = chance(random_, 50) ? OnDecline::stop : OnDecline::proceed;
  change.put.rules.push_back(rule);
}

void RandomDirectory::remove(const Facts& facts, Change& change) {
  const auto add = [](std::vector<Id>& ids, const auto* object) {
    if (object != nullptr) ids.push_back(object->id);
  };
  ObjectIds ids;
  switch (pick(random_, 1, 30)) {
    case 1:
      add(ids.sites, any<Site>(facts));
      break;
    case 2:
    case 3:
      add(ids.buildings, any<Building>(facts));
      break;
    case 4:
    case 5:
    case 6:
    case 7:
      add(ids.units, any<Unit>(facts));
      break;
    case 8:
    case 9:
      add(ids.doors, any<Door>(facts));
      break;
    case 10:
    case 11:
    case 12:
    case 13:
    case 14:
    case 15:
      add(ids.accounts, any<Account>(facts));
      break;
    default:
      add(ids.rules, any<Rule>(facts));
      break;
  }
  change.removed = contained(facts, ids);
}

Change RandomDirectory::propose(const Facts& facts) {
  Change change;
  if (any<Site>(facts) == nullptr) {
    put_site(facts, change);
    return change;
  }
  using Step = void (RandomDirectory::*)(const Facts&, Change&);
  constexpr std::array<std::pair<int, Step>, 7> kSteps{{{3, &RandomDirectory::put_site},
                                                        {9, &RandomDirectory::put_building},
                                                        {25, &RandomDirectory::put_unit},
                                                        {55, &RandomDirectory::put_account},
                                                        {58, &RandomDirectory::put_door},
                                                        {90, &RandomDirectory::put_rule},
                                                        {100, &RandomDirectory::remove}}};
  for (int i = chance(random_, 25) ? pick(random_, 2, 4) : 1; i > 0; --i) {
    const int roll = pick(random_, 1, 100);
    const auto step = std::ranges::find_if(kSteps, [&](const auto& each) { return roll <= each.first; });
    (this->*step->second)(facts, change);
  }
  return change;
}

Change RandomDirectory::change(Facts& facts) {
  for (;;) {
    Change change = propose(facts);
    Change inverse = facts.apply(change);
    if (check(facts, change, inverse).empty()) return change;
    (void)facts.apply(std::move(inverse));
  }
}

Facts RandomDirectory::facts(int changes) {
  Facts facts;
  for (int i = 0; i < changes; ++i) (void)change(facts);
  return facts;
}

const Account* RandomDirectory::caller(const Facts& facts) { return any<Account>(facts); }

std::string RandomDirectory::dialled(const Facts& facts) {
  const Unit* const unit = any<Unit>(facts);
  const Account* const account = any<Account>(facts);
  const int roll = pick(random_, 1, 100);
  std::string text = word("1aB-", 4);
  if (roll > 70 && unit != nullptr) {
    text = unit->number;
  } else if (roll > 45 && unit != nullptr) {
    text = facts.building_of(*unit)->code + unit->number;
  } else if (roll > 10 && account != nullptr) {
    text = account->username;
  }
  if (chance(random_, 30)) std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

Time RandomDirectory::time() {
  using namespace std::chrono;
  constexpr std::array kDays{sys_days(March / 28 / 2024), sys_days(October / 24 / 2024), sys_days(April / 3 / 2024)};
  return Time(pick_from(random_, kDays)) + minutes(pick(random_, 0, 7 * 24 * 60));
}

}  // namespace neolia::rules

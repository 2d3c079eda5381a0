// SPDX-License-Identifier: Apache-2.0
/// Every noun of the directory, as plain values. Fields, limits and JSON: docs/architecture.md §1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "model/id.hpp"

namespace neolia::model {

enum class OwnerType : std::uint8_t { unit, building, site };

struct Owner {
  OwnerType type{};
  Id id;

  bool operator==(const Owner&) const = default;
};

struct Site {
  Id id;
  std::string name;
  std::string time_zone;
  std::string domain;
  std::vector<std::string> allowed_domains;

  bool operator==(const Site&) const = default;
};

struct Building {
  Id id;
  Id site_id;
  std::string name;
  std::string code;

  bool operator==(const Building&) const = default;
};

struct Unit {
  Id id;
  Id building_id;
  std::string name;
  std::string number;
  bool do_not_disturb = false;

  bool operator==(const Unit&) const = default;
};

enum class AccountKind : std::uint8_t { door, panel, mobile };

/// HA1 of the account in lower case hex; as good as the password, so it leaves the process in snapshots only.
struct Credentials {
  std::string ha1_md5;
  std::string ha1_sha256;

  bool operator==(const Credentials&) const = default;
};

struct Account {
  Id id;
  Owner owner;
  AccountKind kind{};
  std::string username;
  std::string name;
  bool enabled = true;
  Credentials credentials;

  bool operator==(const Account&) const = default;
};

struct OpenByDtmf {
  std::string dtmf_code;
  bool operator==(const OpenByDtmf&) const = default;
};
struct OpenByHttp {
  std::string http_url;
  bool operator==(const OpenByHttp&) const = default;
};
struct OpenByAction {
  std::string ha_action;
  std::string ha_entity_id;
  bool operator==(const OpenByAction&) const = default;
};

struct Door {
  Id id;
  Id account_id;
  std::string name;
  std::variant<OpenByDtmf, OpenByHttp, OpenByAction> method;

  bool operator==(const Door&) const = default;
};

enum class Day : std::uint8_t { mon, tue, wed, thu, fri, sat, sun };

/// Local wall-clock window, half-open; `to` <= `from` runs over midnight, equal is 24 hours.
struct Window {
  std::vector<Day> days;   ///< sorted, without repeats
  std::uint16_t from = 0;  ///< minutes after midnight, 0–1439
  std::uint16_t to = 0;

  bool operator==(const Window&) const = default;
};

struct Schedule {
  std::vector<Window> windows;

  bool operator==(const Schedule&) const = default;
};

struct RingAll {
  bool operator==(const RingAll&) const = default;
};
struct RingAccounts {
  std::vector<Id> account_ids;
  bool operator==(const RingAccounts&) const = default;
};
struct ForwardAccount {
  Id account_id;
  bool operator==(const ForwardAccount&) const = default;
};
struct ForwardUnit {
  Id unit_id;
  bool operator==(const ForwardUnit&) const = default;
};
struct ForwardUri {
  std::string uri;
  bool operator==(const ForwardUri&) const = default;
};
struct Voicemail {
  bool operator==(const Voicemail&) const = default;
};
struct Reject {
  std::uint16_t code = 603;
  bool operator==(const Reject&) const = default;
};

/// What a rule does; the alternative tells the action (ring, forward, voicemail, reject).
using Target = std::variant<RingAll, RingAccounts, ForwardAccount, ForwardUnit, ForwardUri, Voicemail, Reject>;

enum class Action : std::uint8_t { ring, forward, voicemail, reject };
enum class OnDecline : std::uint8_t { stop, proceed };  ///< "stop", "continue"

struct Rule {
  Id id;
  Owner owner;
  int position = 1;
  bool enabled = true;
  std::string source_pattern;
  std::optional<Schedule> schedule;
  Target target;
  int ring_seconds = 30;
  OnDecline on_decline = OnDecline::stop;

  bool operator==(const Rule&) const = default;
};

[[nodiscard]] Action action_of(const Target& target);

/// The identity of a directory, fixed when it is created.
struct DirectoryInfo {
  Id id;
  std::string name;
  std::string realm;

  bool operator==(const DirectoryInfo&) const = default;
};

/// A bundle of objects by noun, in no particular order.
struct Objects {
  std::vector<Site> sites;
  std::vector<Building> buildings;
  std::vector<Unit> units;
  std::vector<Account> accounts;
  std::vector<Door> doors;
  std::vector<Rule> rules;

  bool operator==(const Objects&) const = default;
};

/// Ids by noun.
struct ObjectIds {
  std::vector<Id> sites;
  std::vector<Id> buildings;
  std::vector<Id> units;
  std::vector<Id> accounts;
  std::vector<Id> doors;
  std::vector<Id> rules;

  bool operator==(const ObjectIds&) const = default;
};

/// What one change leaves behind: objects added or replaced whole, and objects gone.
struct Change {
  Objects put;
  ObjectIds removed;

  bool operator==(const Change&) const = default;
};

/// The members of Objects and ObjectIds side by side, so that code can be written once for every noun:
/// `for_each_noun([&](auto noun) { noun.objects(change.put); noun.ids(change.removed); noun.name; noun.plural; })`.
template <typename Object_, std::vector<Object_> Objects::*kObjects, std::vector<Id> ObjectIds::*kIds>
struct Noun {
  using Object = Object_;
  const char* name;
  const char* plural;
  template <typename Bundle>
  static auto& objects(Bundle& bundle) {
    return bundle.*kObjects;
  }
  template <typename Bundle>
  static auto& ids(Bundle& bundle) {
    return bundle.*kIds;
  }
};

/// In order of dependency: a noun refers only to nouns before it.
inline constexpr std::tuple kNouns{Noun<Site, &Objects::sites, &ObjectIds::sites>{"site", "sites"},
                                   Noun<Building, &Objects::buildings, &ObjectIds::buildings>{"building", "buildings"},
                                   Noun<Unit, &Objects::units, &ObjectIds::units>{"unit", "units"},
                                   Noun<Account, &Objects::accounts, &ObjectIds::accounts>{"account", "accounts"},
                                   Noun<Door, &Objects::doors, &ObjectIds::doors>{"door", "doors"},
                                   Noun<Rule, &Objects::rules, &ObjectIds::rules>{"rule", "rules"}};

template <typename Visit>
void for_each_noun(Visit&& visit) {
  std::apply([&](const auto&... noun) { (visit(noun), ...); }, kNouns);
}

}  // namespace neolia::model

// SPDX-License-Identifier: Apache-2.0
/// A small directory and a folder of its own, for tests.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "model/credentials.hpp"
#include "snapshot/snapshot.hpp"

namespace neolia::gateway {

/// Removed with everything in it.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "neolia-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

namespace example {

/// The same id for the same noun (0–7) and number.
inline model::Id id(int noun, int number) {
  std::string text(26, '0');
  std::snprintf(text.data(), text.size() + 1, "%d%025d", noun, number);
  return text;
}

inline model::Id site_id() { return id(1, 1); }
inline model::Id building_id() { return id(2, 1); }
inline model::Id unit_id(int number) { return id(3, number); }
inline model::Id panel_id(int unit) { return id(4, unit); }
inline model::Id door_id() { return id(4, 100000); }
inline model::Id rule_id() { return id(5, 1); }

inline const model::DirectoryInfo kDirectory{id(0, 1), "Home", "home.example"};

inline model::Unit unit(int number) { return {unit_id(number), building_id(), "Flat", std::to_string(number), false}; }

inline model::Account account(const model::Id& id, const model::Owner& owner, model::AccountKind kind,
                              const std::string& username, const std::string& password = "secret") {
  return {id, owner, kind, username, username, true, model::make_credentials(username, kDirectory.realm, password)};
}

inline model::Account panel(int number, const std::string& password = "secret") {
  return account(panel_id(number), {model::OwnerType::unit, unit_id(number)}, model::AccountKind::panel,
                 "panel-" + std::to_string(number), password);
}

inline model::Rule rule() {
  model::Rule rule;
  rule.id = rule_id();
  rule.owner = {model::OwnerType::site, site_id()};
  rule.source_pattern = "@door";
  return rule;
}

/// One site, one building with a door, units 1…n with a panel each, and the rule that doors ring them.
inline model::Objects objects(int units) {
  model::Objects all;
  all.sites.push_back({site_id(), "Site", "Europe/Paris", "127.0.0.1", {}});
  all.buildings.push_back({building_id(), site_id(), "Building", "A"});
  for (int number = 1; number <= units; ++number) {
    all.units.push_back(unit(number));
    all.accounts.push_back(panel(number));
  }
  all.accounts.push_back(
      account(door_id(), {model::OwnerType::building, building_id()}, model::AccountKind::door, "door"));
  all.rules.push_back(rule());
  return all;
}

inline std::string whole(snapshot::Revision revision, const model::Objects& all,
                         const model::DirectoryInfo& directory = kDirectory) {
  rules::Facts facts;
  facts.apply({all, {}});
  return snapshot::write(directory, revision, facts);
}

inline std::string whole(snapshot::Revision revision, int units) { return whole(revision, objects(units)); }

inline std::string changes(snapshot::Revision base, snapshot::Revision revision, model::Change change,
                           const model::Id& directory_id = kDirectory.id) {
  return snapshot::write(snapshot::Changes{directory_id, base, revision, std::move(change)});
}

}  // namespace example
}  // namespace neolia::gateway

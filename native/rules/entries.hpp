// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/compile.hpp"

namespace neolia::rules {

/// Which part of the directory an entry of `dial` searches.
struct DialScope {
  model::OwnerType type{};  ///< building or site
  model::Id id;
};

/// Single entries of the compiled form, made from facts. A missing entry is an empty optional. Outlived by its
/// arguments.
class Entries {
 public:
  Entries(const Facts& facts, const std::string& realm, const KeyOf& key_of, Time at)
      : facts_(facts), realm_(realm), key_of_(key_of), at_(at) {}

  [[nodiscard]] std::optional<Subscriber> subscriber(const std::string& username) const;
  [[nodiscard]] std::optional<std::string> dial(const DialScope& scope, std::string_view text) const;
  [[nodiscard]] std::optional<std::string> rules(const model::Owner& owner) const;
  [[nodiscard]] std::optional<std::string> targets(const model::Id& unit_id) const;

 private:
  /// Of the unit, building and site that an owner is or stands in; 0 for those below it.
  struct Keys {
    Key unit = 0, building = 0, site = 0;
  };
  [[nodiscard]] Keys keys_of(const model::Owner& owner) const;
  [[nodiscard]] std::string rule(const model::Rule& rule) const;
  [[nodiscard]] std::string step(const model::Rule& rule) const;

  const Facts& facts_;
  const std::string& realm_;
  const KeyOf& key_of_;
  const Time at_;
};

/// The letter of a kind: `d`, `p`, `m`.
[[nodiscard]] char letter_of(model::AccountKind kind);

}  // namespace neolia::rules

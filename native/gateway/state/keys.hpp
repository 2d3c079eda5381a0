// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/objects.hpp"
#include "rules/compile.hpp"

namespace neolia::gateway::state {

using KeyList = std::vector<std::pair<model::Id, rules::Key>>;

/// The integers that name objects inside Kamailio. A key belongs to its id for ever, also when the object is gone.
class Keys {
 public:
  /// New keys are above `used` and above all known ones, which are in the order of their keys.
  Keys(const KeyList& known, rules::Key used);

  /// 0 when the id has none.
  [[nodiscard]] rules::Key of(const model::Id& id) const;
  /// Empty when nothing has this key.
  [[nodiscard]] model::Id id_of(rules::Key key) const;
  [[nodiscard]] rules::Key last() const { return last_; }

  /// Gives a key to every site, building, unit, account and rule that has none.
  void assign(const model::Objects& objects);

  /// Those that are not stored yet.
  [[nodiscard]] const KeyList& unsaved() const { return unsaved_; }
  void saved() { unsaved_.clear(); }

 private:
  /// Whether the id had none.
  bool add(const model::Id& id, rules::Key key);

  std::unordered_map<model::Id, rules::Key> keys_;
  std::vector<std::pair<rules::Key, const model::Id*>> ids_;  ///< by key
  KeyList unsaved_;
  rules::Key last_;
};

}  // namespace neolia::gateway::state

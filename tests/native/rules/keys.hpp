// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>

#include "rules/compile.hpp"

namespace neolia::rules {

/// Gives each id its integer when it is first asked for, from 1 on.
inline KeyOf make_keys() {
  return [keys = std::make_shared<std::map<model::Id, Key>>()](const model::Id& id) {
    return keys->try_emplace(id, static_cast<Key>(keys->size()) + 1).first->second;
  };
}

}  // namespace neolia::rules

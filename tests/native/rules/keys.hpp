// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "rules/compile.hpp"

namespace neolia::rules {

/// Gives each id its integer when it is first asked for, from 1 on.
inline KeyOf make_keys() {
  struct Keys {
    std::mutex mutex;
    std::map<model::Id, Key> keys;
  };
  return [made = std::make_shared<Keys>()](const model::Id& id) {
    const std::lock_guard lock(made->mutex);
    return made->keys.try_emplace(id, static_cast<Key>(made->keys.size()) + 1).first->second;
  };
}

}  // namespace neolia::rules

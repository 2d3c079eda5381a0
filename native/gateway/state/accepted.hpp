// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <shared_mutex>

#include "gateway/state/keys.hpp"
#include "rules/compile.hpp"
#include "snapshot/snapshot.hpp"

namespace neolia::gateway::state {

struct Identity {
  model::DirectoryInfo directory;
  snapshot::Revision revision = 0;
};

/// The accepted snapshot: its objects and what Kamailio must hold for them.
struct Picture : Identity {
  rules::Compiler compiler;

  [[nodiscard]] const Identity& identity() const { return *this; }
};

/// The accepted snapshot in memory. One thread writes (the applier); any thread reads.
class Accepted {
 public:
  explicit Accepted(Keys keys) : keys_(std::move(keys)) {}

  /// `visit(picture or null, keys)`. The pointers end with the visit; keep it short.
  template <typename Visit>
  auto read(Visit visit) const {
    const std::shared_lock lock(mutex_);
    return visit(picture_ ? &*picture_ : nullptr, keys_);
  }

  /// The writer's own look, without a lock; null when there is no snapshot.
  [[nodiscard]] const Picture* picture() const { return picture_ ? &*picture_ : nullptr; }
  /// The same where there is one.
  [[nodiscard]] const Picture& present() const { return picture_.value(); }
  [[nodiscard]] const Keys& keys() const { return keys_; }

  /// For a Compiler that may outlive its Picture but not this.
  [[nodiscard]] rules::KeyOf key_of() const {
    return [this](const model::Id& id) { return keys_.of(id); };
  }

  /// `change(optional picture, keys)` while nobody reads.
  template <typename Change>
  auto write(Change change) {
    const std::unique_lock lock(mutex_);
    return change(picture_, keys_);
  }

 private:
  mutable std::shared_mutex mutex_;
  Keys keys_;
  std::optional<Picture> picture_;
};

}  // namespace neolia::gateway::state

// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/flags.hpp"

namespace neolia::gateway::kamailio {

void Flags::want(const std::string& name, bool up) {
  const std::scoped_lock lock(mutex_);
  wanted_[name] = up ? "up" : "down";
}

Flags::Values Flags::wanted() const {
  const std::scoped_lock lock(mutex_);
  return wanted_;
}

void Flags::keep() {
  for (const auto& [name, value] : wanted()) {
    const auto present = htables_.get("sys", name);
    if (!present) return;  // away: the next time
    if (*present != value && !htables_.set("sys", name, value)) return;
  }
}

}  // namespace neolia::gateway::kamailio

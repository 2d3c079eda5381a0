// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rules/compile.hpp"

namespace neolia::rules {

/// What reading the compiled form came to.
struct Decision {
  int denied = 0;  ///< SIP code, 0 when there are steps
  /// "<rule key>~<step>"; a ring step and a forward to a unit end with the users rung instead of `*` or `u<key>`.
  std::vector<std::string> steps;

  bool operator==(const Decision&) const = default;
};

/// Takes the steps that rules/compile.hpp asks of Kamailio's script, for an authenticated caller.
[[nodiscard]] Decision decide(const Tables& tables, const std::string& caller, std::string dialled);

}  // namespace neolia::rules

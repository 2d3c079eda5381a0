// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <future>

namespace neolia::model {

/// How std::async does work on so many objects: beside the caller, or by him when he asks for the result.
[[nodiscard]] inline std::launch launch_for(std::size_t objects) {
  constexpr std::size_t kWorthAThread = 1000;
  return objects < kWorthAThread ? std::launch::deferred : std::launch::async;
}

}  // namespace neolia::model

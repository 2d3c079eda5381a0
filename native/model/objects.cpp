// SPDX-License-Identifier: Apache-2.0
#include "model/objects.hpp"

namespace neolia::model {

Action action_of(const Target& target) {
  constexpr Action kActions[] = {Action::ring,    Action::ring,      Action::forward, Action::forward,
                                 Action::forward, Action::voicemail, Action::reject};
  static_assert(std::size(kActions) == std::variant_size_v<Target>);
  return kActions[target.index()];
}

}  // namespace neolia::model

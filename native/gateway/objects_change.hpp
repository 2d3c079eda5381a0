// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/objects.hpp"
#include "rules/facts.hpp"

namespace neolia::gateway {

/// What turns the facts into exactly `objects`.
[[nodiscard]] model::Change difference(const rules::Facts& facts, model::Objects objects);

/// What undoes `change` after it was applied to these facts.
[[nodiscard]] model::Change inverse_of(const rules::Facts& facts, const model::Change& change);

}  // namespace neolia::gateway

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "model/error.hpp"

namespace neolia::store {

/// The error for bad fields: `in_use` when that is all there is to say, `invalid` otherwise.
[[nodiscard]] model::Error refusal(std::vector<model::FieldError> fields);

/// The error for an id that names nothing.
[[nodiscard]] model::Error not_found(const std::string& noun);

}  // namespace neolia::store

// SPDX-License-Identifier: Apache-2.0
/// Fields of events that may be missing, null or of another type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/json.hpp"

namespace neolia::explain {

using model::Json;

/// An empty text when there is none.
[[nodiscard]] std::string text_of(const Json& object, const char* name);
[[nodiscard]] std::optional<std::int64_t> number_of(const Json& object, const char* name);
/// Null when it is missing.
[[nodiscard]] const Json& value_of(const Json& object, const char* name);
[[nodiscard]] std::vector<std::string> texts_of(const Json& object, const char* name);

}  // namespace neolia::explain

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace neolia::model {

/// Without the white space at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);

/// The number of characters of a UTF-8 text; empty when it is no UTF-8 or has control characters.
[[nodiscard]] std::optional<std::size_t> count_printable(std::string_view text);

}  // namespace neolia::model

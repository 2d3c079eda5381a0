// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace neolia::model {

/// A ULID in its 26 character text form, upper case.
using Id = std::string;

/// A new id: 48 bits of the present time, 80 random bits from the operating system. Safe from any thread.
[[nodiscard]] Id make_id();

[[nodiscard]] bool is_id(std::string_view text);

}  // namespace neolia::model

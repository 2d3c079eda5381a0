// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/objects.hpp"

namespace neolia::model {

/// At least 128 random bits from the operating system, in an alphabet without look-alikes.
[[nodiscard]] std::string make_password();

/// HA1 (RFC 2617, RFC 7616) in its MD5 and SHA-256 forms.
[[nodiscard]] Credentials make_credentials(std::string_view username, std::string_view realm,
                                           std::string_view password);

}  // namespace neolia::model

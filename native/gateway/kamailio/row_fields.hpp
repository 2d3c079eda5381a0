// SPDX-License-Identifier: Apache-2.0
/// Fields of an outbox row, checked.
#pragma once

#include <cstdint>
#include <string>

#include "model/json.hpp"

namespace neolia::gateway::kamailio {

/// Thrown for what a row must not be; never leaves read_row().
struct Malformed {
  std::string text;
};

[[nodiscard]] std::string text_of(const model::Json& row, const char* field);
[[nodiscard]] std::int64_t number_of(const model::Json& row, const char* field);

[[nodiscard]] model::Json id_or_null(const model::Id& id);
[[nodiscard]] model::Json text_or_null(const model::Json& row, const char* field);
[[nodiscard]] model::Json number_or_null(const model::Json& row, const char* field);
/// Hex as the bytes it stands for; bytes that are no UTF-8 are replaced when the event is written.
[[nodiscard]] model::Json decoded_or_null(const model::Json& row, const char* field);

/// A text of 1 to 64 letters, digits and `also`.
[[nodiscard]] std::string word_of(const model::Json& row, const char* field, std::string_view also);
/// Username of a session; empty without.
[[nodiscard]] std::string session_of(const model::Json& row);
/// Microseconds since the epoch.
[[nodiscard]] std::int64_t time_of(const model::Json& row);

}  // namespace neolia::gateway::kamailio

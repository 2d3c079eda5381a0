// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.hpp"
#include "model/json.hpp"
#include "model/names.hpp"

namespace neolia::store {

enum class OperationKind : std::uint8_t { create, update, remove };

/// One step of a change, as a client asks for it.
struct Operation {
  OperationKind kind{};
  std::string noun;
  model::Id id;  ///< of the object; empty for a create lets the core choose
  model::Json fields = model::Json::object();
  model::Json password;  ///< accounts only; null when none is given
  std::string path;      ///< in front of field paths: "" or "operations[3]"
};

/// Checks the frame of each operation: what stands in `fields` is looked at when it is applied.
[[nodiscard]] model::Result<std::vector<Operation>> read_operations(const model::Json& operations);

}  // namespace neolia::store

template <>
inline constexpr std::array<std::string_view, 3> neolia::model::kNames<neolia::store::OperationKind>{"create", "update",
                                                                                                     "delete"};

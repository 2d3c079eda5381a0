// SPDX-License-Identifier: Apache-2.0
/// The words of every enumeration, as they stand in JSON.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "model/objects.hpp"

namespace neolia::model {

enum class Method : std::uint8_t { dtmf, http, action };

/// In the order of the enumerators.
template <typename Enum>
inline constexpr std::array<std::string_view, 0> kNames{};
template <>
inline constexpr std::array<std::string_view, 3> kNames<OwnerType>{"unit", "building", "site"};
template <>
inline constexpr std::array<std::string_view, 3> kNames<AccountKind>{"door", "panel", "mobile"};
template <>
inline constexpr std::array<std::string_view, 3> kNames<Method>{"dtmf", "http", "action"};
template <>
inline constexpr std::array<std::string_view, 7> kNames<Day>{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
template <>
inline constexpr std::array<std::string_view, 4> kNames<Action>{"ring", "forward", "voicemail", "reject"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<OnDecline>{"stop", "continue"};

template <typename Enum>
[[nodiscard]] constexpr std::string_view to_string(Enum value) {
  return kNames<Enum>.at(static_cast<std::size_t>(value));
}

template <typename Enum>
[[nodiscard]] constexpr std::optional<Enum> from_string(std::string_view name) {
  const auto found = std::ranges::find(kNames<Enum>, name);
  if (found == kNames<Enum>.end()) return std::nullopt;
  return static_cast<Enum>(found - kNames<Enum>.begin());
}

}  // namespace neolia::model

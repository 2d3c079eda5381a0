// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <type_traits>

#include <gtest/gtest.h>

namespace neolia {

/// Names the cases of a table after its rows: what a row's `name` says, or the row itself when it is a text.
inline constexpr auto row_name = [](const auto& row) -> std::string {
  if constexpr (std::is_convertible_v<decltype(row.param), std::string>) {
    return row.param;
  } else {
    return row.param.name;
  }
};

}  // namespace neolia

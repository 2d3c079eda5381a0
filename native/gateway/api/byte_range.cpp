// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace neolia::gateway::api {
namespace {

constexpr std::string_view kUnit = "bytes=";

std::optional<std::uint64_t> read_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

tl::expected<std::optional<ByteRange>, NotSatisfiable> read_byte_range(const std::string& header, std::uint64_t size) {
  if (!header.starts_with(kUnit)) return std::nullopt;
  const auto text = std::string_view(header).substr(kUnit.size());
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = read_number(text.substr(0, dash));
  const auto last = read_number(text.substr(dash + 1));
  if (dash == 0) {  // the last so many
    if (!last) return std::nullopt;
    if (*last == 0 || size == 0) return tl::unexpected(NotSatisfiable{});
    return ByteRange{size - std::min(*last, size), size - 1};
  }
  const bool is_open = dash + 1 == text.size();
  if (!first || (!last && !is_open) || (last && *last < *first)) return std::nullopt;
  if (*first >= size) return tl::unexpected(NotSatisfiable{});
  return ByteRange{*first, is_open ? size - 1 : std::min(*last, size - 1)};
}

}  // namespace neolia::gateway::api

// SPDX-License-Identifier: Apache-2.0
#include "model/text.hpp"

#include <cstdint>

namespace neolia::model {
namespace {

struct Lead {
  std::size_t size = 0;  ///< bytes of the character, 0 when no character starts like this
  std::uint32_t bits = 0;
  std::uint32_t least = 0;  ///< the smallest code point that needs this many bytes
};

Lead read_lead(unsigned char byte) {
  if (byte < 0x80) return {1, byte, 0};
  if (byte >= 0xC0 && byte < 0xE0) return {2, byte & 0x1FU, 0x80};
  if (byte >= 0xE0 && byte < 0xF0) return {3, byte & 0x0FU, 0x800};
  if (byte >= 0xF0 && byte < 0xF8) return {4, byte & 0x07U, 0x10000};
  return {};
}

bool is_printable(std::uint32_t point) {
  const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
  const bool surrogate = point >= 0xD800 && point < 0xE000;
  return !control && !surrogate && point <= 0x10FFFF;
}

/// Bytes of the character in front; 0 when it is not a printable one.
std::size_t printable_size(std::string_view text) {
  const Lead lead = read_lead(static_cast<unsigned char>(text.front()));
  if (lead.size == 0 || lead.size > text.size()) return 0;
  std::uint32_t point = lead.bits;
  for (const char letter : text.substr(1, lead.size - 1)) {
    const auto byte = static_cast<unsigned char>(letter);
    if ((byte & 0xC0U) != 0x80) return 0;
    point = point << 6 | (byte & 0x3FU);
  }
  return point >= lead.least && is_printable(point) ? lead.size : 0;
}

}  // namespace

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::optional<std::size_t> count_printable(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    const std::size_t size = printable_size(text);
    if (size == 0) return std::nullopt;
    text.remove_prefix(size);
  }
  return count;
}

}  // namespace neolia::model

// SPDX-License-Identifier: Apache-2.0
#include "target.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "model/json.hpp"

namespace neolia::fuzz {

bool is_path(std::string_view path) {
  return std::ranges::all_of(path, [](char letter) { return letter > ' ' && letter <= '~'; });
}

void expect(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "fuzz: this does not hold: %s\n", claim);
  std::abort();
}

void expect_usable(const model::Error& error) {
  expect(!error.message.empty(), "an error has a message");
  expect(error.fields.size() <= model::kMaxFieldErrors, "the fields of an error are bounded");
  for (const auto& field : error.fields) {
    expect(!field.message.empty(), "a bad field has a message");
    expect(is_path(field.path), "a path is printable");
  }
  static_cast<void>(model::to_json(error).dump());
}

std::string_view take_line(std::string_view& input) {
  const auto line = input.substr(0, input.find('\n'));
  input.remove_prefix(std::min(input.size(), line.size() + 1));
  return line;
}

}  // namespace neolia::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  neolia::fuzz::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}

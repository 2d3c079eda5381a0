// SPDX-License-Identifier: Apache-2.0
/// A call's history as JSON.
#include "explain/explain.hpp"

#include "directory.hpp"
#include "target.hpp"

namespace neolia::fuzz {
namespace {

/// HA's side takes no more (bindings/json_conversion.cpp).
constexpr int kMaxDepth = 16;

int depth_of(const model::Json& json) {
  int depth = 0;
  if (json.is_structured()) {
    for (const auto& item : json) depth = std::max(depth, depth_of(item) + 1);
  }
  return depth;
}

}  // namespace

void try_input(std::string_view input) {
  static const rules::Facts kFacts = facts();
  const auto call = model::Json::parse(input, nullptr, false);
  if (call.is_discarded() || input.size() > 65536 || depth_of(call) > kMaxDepth) return;
  const auto changed_at = rules::parse_moment("2026-11-22T20:00:00Z");
  const auto told = explain::explain(call, kFacts, changed_at);
  static_cast<void>(told.dump());
  expect(told.at("sentences").is_array(), "there is a list of sentences");
  for (const auto& sentence : told.at("sentences")) {
    expect(!sentence.at("text").get_ref<const std::string&>().empty(), "a sentence has a text");
  }
}

}  // namespace neolia::fuzz

// SPDX-License-Identifier: Apache-2.0
#include "store/refusal.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "model/json.hpp"

namespace neolia::store {

model::Error refusal(std::vector<model::FieldError> fields) {
  const bool all_in_use =
      std::ranges::all_of(fields, [](const auto& field) { return field.code == model::FieldCode::in_use; });
  std::string message = fields.front().path + ": " + fields.front().message;
  if (fields.size() > 1) message += " (and " + std::to_string(fields.size() - 1) + " more)";
  if (fields.size() > model::kMaxFieldErrors) fields.resize(model::kMaxFieldErrors);
  return {all_in_use ? model::ErrorCode::in_use : model::ErrorCode::invalid, std::move(message), std::move(fields)};
}

model::Error not_found(const std::string& noun) {
  return {model::ErrorCode::not_found, "There is no " + noun + " with this id.", {}};
}

}  // namespace neolia::store

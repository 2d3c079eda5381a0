// SPDX-License-Identifier: Apache-2.0
/// Small JSON bodies, field by field.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/net/endpoint.hpp"

namespace neolia::gateway::api {

/// A body that must be one JSON object with known fields. Read every field, then ask whether it was usable.
class Body {
 public:
  explicit Body(const net::Request& request);

  /// Empty, and noted, when it is missing or no text.
  std::string text(const char* field);
  /// The fallback when it is missing; noted when it is out of range. Without a fallback it is required.
  std::int64_t number(const char* field, std::int64_t min, std::int64_t max, std::optional<std::int64_t> fallback);

  /// The 400 that names every bad or unknown field; empty when all is well.
  [[nodiscard]] std::optional<net::Response> refusal();

 private:
  const model::Json* find(const char* field);
  void note(model::FieldCode code, std::string_view field, std::string message);

  model::Json json_;
  std::vector<std::string> known_;
  std::vector<model::FieldError> errors_;
};

[[nodiscard]] net::Response invalid(const std::vector<model::FieldError>& fields);
/// 404, 409, 500, 507 …, by the error's code.
[[nodiscard]] net::Response answer_to(const model::Error& error);

}  // namespace neolia::gateway::api

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace neolia::model {

enum class ErrorCode { invalid, not_found, in_use, conflict, too_new, corrupt, read_only, disk_full, storage, closed };

enum class FieldCode {
  required,
  unknown,
  type,
  format,
  range,
  length,
  duplicate,
  not_found,
  wrong_kind,
  other_site,
  too_many,
  in_use
};

/// One bad field: a dotted path with indices ("schedule.windows[2].from") and a sentence for a person.
struct FieldError {
  FieldCode code{};
  std::string path;
  std::string message;

  bool operator==(const FieldError&) const = default;
};

/// Why something was not done. `fields` names every bad field when the code is `invalid` or `in_use`.
struct Error {
  ErrorCode code{};
  std::string message;
  std::vector<FieldError> fields;

  bool operator==(const Error&) const = default;
};

template <typename T>
using Result = tl::expected<T, Error>;

[[nodiscard]] const char* to_string(ErrorCode code);
[[nodiscard]] const char* to_string(FieldCode code);

}  // namespace neolia::model

// SPDX-License-Identifier: Apache-2.0
#include "model/error.hpp"

#include <cstddef>

namespace neolia::model {

const char* to_string(ErrorCode code) {
  constexpr const char* kCodes[] = {"invalid", "not_found", "in_use",    "conflict", "too_new",
                                    "corrupt", "read_only", "disk_full", "storage",  "closed"};
  return kCodes[static_cast<std::size_t>(code)];
}

const char* to_string(FieldCode code) {
  constexpr const char* kCodes[] = {"required",  "unknown",   "type",       "format",     "range",    "length",
                                    "duplicate", "not_found", "wrong_kind", "other_site", "too_many", "in_use"};
  return kCodes[static_cast<std::size_t>(code)];
}

}  // namespace neolia::model

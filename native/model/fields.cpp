// SPDX-License-Identifier: Apache-2.0
#include "model/fields.hpp"

#include <algorithm>
#include <utility>

#include "model/forms.hpp"

namespace neolia::model {

std::string_view presentable(std::string_view name) { return kFieldName.fits(name) ? name : "?"; }

std::string Place::path() const {
  std::string path = parent_ == nullptr ? std::string() : parent_->path();
  if (index_ != kNoIndex) return path + "[" + std::to_string(index_) + "]";
  if (!path.empty() && !name_.empty()) path += '.';
  return path.append(name_);
}

void Place::refuse(FieldCode code, std::string message) const {
  if (errors_.size() < kMaxFieldErrors) errors_.push_back({code, path(), std::move(message)});
}

void refuse_unknown(const Json& fields, std::span<const std::string_view> known, const Place& place) {
  for (const auto& [name, value] : fields.items()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    place.field(presentable(name)).refuse(FieldCode::unknown, "There is no field of this name here.");
  }
}

bool is_object(const Json& value, const Place& place) {
  if (!value.is_object()) place.refuse(FieldCode::type, "Must be an object.");
  return value.is_object();
}

}  // namespace neolia::model

// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/body.hpp"

#include <algorithm>

#include "model/fields.hpp"

namespace neolia::gateway::api {

using model::Json;
using net::http::status;

Body::Body(const net::Request& request) : json_(model::parse_json(request.body)) {
  if (!json_.is_object()) note(model::FieldCode::type, "", "the body must be one JSON object");
}

const Json* Body::find(const char* field) {
  known_.emplace_back(field);
  return json_.is_object() && json_.contains(field) ? &json_[field] : nullptr;
}

std::string Body::text(const char* field) {
  const auto* value = find(field);
  if (value != nullptr && value->is_string()) return value->get<std::string>();
  note(value == nullptr ? model::FieldCode::required : model::FieldCode::type, field, "must be a text");
  return {};
}

std::int64_t Body::number(const char* field, std::int64_t min, std::int64_t max, std::optional<std::int64_t> fallback) {
  const auto* value = find(field);
  if (value == nullptr && fallback) return *fallback;
  const bool whole = value != nullptr && value->is_number_integer();
  // An unsigned number above the range of signed ones would wrap.
  const bool fits = whole && (!value->is_number_unsigned() || value->get<std::uint64_t>() <= INT64_MAX);
  const auto number = fits ? value->get<std::int64_t>() : min;
  if (value == nullptr) note(model::FieldCode::required, field, "is needed");
  if (value != nullptr && !whole) note(model::FieldCode::type, field, "must be a whole number");
  if (whole && (!fits || number < min || number > max)) {
    note(model::FieldCode::range, field, "must be from " + std::to_string(min) + " to " + std::to_string(max));
  }
  return number;
}

std::optional<net::Response> Body::refusal() {
  if (json_.is_object()) {
    for (const auto& [name, value] : json_.items()) {
      if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
      note(model::FieldCode::unknown, model::presentable(name), "is not a field here");
    }
  }
  if (errors_.empty()) return std::nullopt;
  return invalid(errors_);
}

void Body::note(model::FieldCode code, std::string_view field, std::string message) {
  if (errors_.size() < model::kMaxFieldErrors) errors_.push_back({code, std::string(field), std::move(message)});
}

net::Response invalid(const std::vector<model::FieldError>& fields) {
  return net::error_response(status::bad_request, "invalid", "the request is not usable", fields);
}

net::Response answer_to(const model::Error& error) {
  const auto code = [&] {
    switch (error.code) {
      case model::ErrorCode::invalid:
        return status::bad_request;
      case model::ErrorCode::not_found:
        return status::not_found;
      case model::ErrorCode::in_use:
      case model::ErrorCode::conflict:
        return status::conflict;
      case model::ErrorCode::disk_full:
        return status::insufficient_storage;
      default:
        return status::internal_server_error;
    }
  }();
  return net::error_response(code, model::to_string(error.code), error.message, error.fields);
}

}  // namespace neolia::gateway::api

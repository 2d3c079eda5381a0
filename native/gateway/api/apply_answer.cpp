// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/apply_answer.hpp"

namespace neolia::gateway::api {
namespace {

using net::http::status;
using Reason = kamailio::Refusal::Reason;

net::Response storage_answer(const model::Error& error) {
  const auto code =
      error.code == model::ErrorCode::disk_full ? status::insufficient_storage : status::internal_server_error;
  return net::error_response(code, model::to_string(error.code), error.message);
}

net::Response refusal_answer(const kamailio::Refusal& refusal) {
  const auto& error = refusal.error;
  switch (refusal.reason) {
    case Reason::invalid:
      return net::error_response(status::bad_request, "invalid", error.message, error.fields);
    case Reason::foreign_directory:
      return net::error_response(status::conflict, "foreign_directory", error.message);
    case Reason::unknown_base:
      return net::error_response(status::conflict, "unknown_base", error.message);
    case Reason::storage:
      break;
  }
  return storage_answer(error);
}

}  // namespace

net::Response apply_answer(const kamailio::ApplyResult& result) {
  if (!result) return refusal_answer(result.error());
  return net::json_response(status::ok, {{"revision", result->revision}, {"live", result->live}});
}

}  // namespace neolia::gateway::api

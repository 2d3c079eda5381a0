// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/rpc_reply.hpp"

#include <algorithm>
#include <string>

namespace neolia::gateway::kamailio {
namespace {

using model::Json;

std::string error_text(const Json& error) {
  return error.is_object() && error.contains("message") && error["message"].is_string()
             ? error["message"].get<std::string>()
             : error.dump();
}

/// User agents may send any bytes; JSON takes UTF-8 only.
Json parse_reply(std::string_view text) {
  Json reply = model::parse_json(text);
  if (!reply.is_discarded()) return reply;
  std::string ascii(text);
  std::replace_if(
      ascii.begin(), ascii.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7e; }, '?');
  return model::parse_json(ascii);
}

}  // namespace

std::optional<RpcResult<Json>> read_reply(std::string_view text, std::int64_t id) {
  Json reply = parse_reply(text);
  if (!reply.is_object() || !reply.contains("id") || reply["id"] != id) return std::nullopt;
  if (reply.contains("error")) {
    return tl::unexpected(RpcError{RpcError::Kind::refused, error_text(reply["error"])});
  }
  return reply.contains("result") ? std::move(reply["result"]) : Json();
}

}  // namespace neolia::gateway::kamailio

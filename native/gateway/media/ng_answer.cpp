// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/ng_answer.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace neolia::gateway::media {
namespace {

using model::Json;

constexpr std::int64_t kMaxMilliseconds = 600'000;

}  // namespace

std::string_view cookie_of(std::string_view datagram) {
  const auto space = datagram.find(' ');
  return space == std::string_view::npos ? std::string_view() : datagram.substr(0, space);
}

Json read_ng_answer(std::string_view datagram) {
  const auto behind = std::min(datagram.size(), cookie_of(datagram).size() + 1);
  return model::parse_json(datagram.substr(behind));
}

Outcome<Json> check_ng_answer(Json answer) {
  if (!answer.is_object()) return failure("RTPEngine's answer is not JSON; 10.5.3 or newer is needed");
  const auto result = answer.find("result");
  if (result != answer.end() && (*result == "ok" || *result == "pong")) return answer;
  const auto reason = answer.find("error-reason");
  const bool is_text = reason != answer.end() && reason->is_string();
  return failure("RTPEngine refused: " + (is_text ? reason->get<std::string>() : std::string("no reason given")));
}

Outcome<std::chrono::milliseconds> length_played(const Json& answer) {
  const auto duration = answer.find("duration");
  if (duration == answer.end() || !duration->is_number_integer()) {
    return failure("RTPEngine does not tell how long the greeting is");
  }
  const auto length = duration->get<std::int64_t>();
  if (length < 0 || length > kMaxMilliseconds) return failure("RTPEngine tells an impossible length");
  return std::chrono::milliseconds(length);
}

}  // namespace neolia::gateway::media

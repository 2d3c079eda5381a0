// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/status.hpp"

namespace neolia::gateway::api {
namespace {

using model::Json;

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_json(const std::optional<model::DirectoryInfo>& directory) {
  if (!directory) return nullptr;
  return {{"id", directory->id}, {"name", directory->name}, {"realm", directory->realm}};
}

Json to_json(const kamailio::Status& status, const kamailio::MediaStatus& media, const EventFeed& feed) {
  return {
      {"version", NEOLIA_VERSION},
      {"directory", to_json(status.directory)},
      {"revision", or_null(status.revision)},
      {"live_revision", or_null(status.live_revision)},
      {"live", status.live},
      {"problem", status.problem.empty() ? Json(nullptr) : Json(status.problem)},
      {"kamailio", {{"connected", status.connected}, {"version", or_null(status.kamailio_version)}}},
      {"events", {{"stream", feed.stream()}, {"last", feed.last()}}},
      {"registrations", status.registrations},
      {"active_calls", or_null(status.active_calls)},
      {"rtpengine", {{"connected", media.rtpengine_connected}}},
      {"voicemail", {{"ready", media.voicemail_ready}, {"messages", media.messages}, {"bytes", media.message_bytes}}}};
}

asio::awaitable<net::Response> answer(const Services& services) {
  co_return net::json_response(net::http::status::ok,
                               to_json(services.board.get(), services.board.media(), services.feed));
}

}  // namespace

net::Answer status(const Services& services) {
  return [&services](const net::Request&) { return answer(services); };
}

}  // namespace neolia::gateway::api

// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/messages.hpp"

#include <filesystem>
#include <fstream>

#include "gateway/api/body.hpp"
#include "gateway/api/byte_range.hpp"

namespace neolia::gateway::api {
namespace {

using model::Json;
using net::http::field;
using net::http::status;

Json to_json(const state::Message& message) {
  return {{"message_id", message.message_id},
          {"call_id", message.call_id},
          {"at", message.at},
          {"unit_id", message.unit_id},
          {"caller", Json::parse(message.caller, nullptr, false)},
          {"seconds", message.seconds},
          {"video", message.video},
          {"media_type", message.media_type},
          {"size", message.size}};
}

net::Response not_found() {
  return net::error_response(status::not_found, "not_found", "no message has this message_id");
}

asio::awaitable<net::Response> answer_messages(const Services& services, net::Request request) {
  const std::string unit_id = request.query.contains("unit_id") ? request.query["unit_id"] : "";
  if (unit_id.empty() && request.query.contains("unit_id")) {
    co_return invalid({{model::FieldCode::format, "unit_id", "must be the id of a unit"}});
  }
  const auto read = [&messages = services.messages, unit_id] { return messages.list(unit_id); };
  const auto messages = co_await run_on(services.query_thread, read);
  if (!messages) co_return answer_to(messages.error());
  Json json = Json::array();
  for (const auto& message : *messages) json.push_back(to_json(message));
  co_return net::json_response(status::ok, {{"messages", std::move(json)}});
}

net::Response whole_or_part(std::ifstream& file, std::uint64_t size, const std::string& media_type,
                            const std::string& header) {
  const auto range = read_byte_range(header, size);
  const std::string total = "/" + std::to_string(size);
  if (!range) {
    auto refusal = net::error_response(status::range_not_satisfiable, "range", "the message ends before this range");
    refusal.headers.emplace_back(field::content_range, "bytes *" + total);
    return refusal;
  }
  const auto part = range->value_or(ByteRange{0, size == 0 ? 0 : size - 1});
  net::Response response{*range ? status::partial_content : status::ok, std::string(), {}, media_type};
  response.headers.emplace_back(field::accept_ranges, "bytes");
  if (*range) {
    response.headers.emplace_back(field::content_range,
                                  "bytes " + std::to_string(part.first) + "-" + std::to_string(part.last) + total);
  }
  response.body.resize(std::min(size, part.last - part.first + 1));
  file.seekg(static_cast<std::streamoff>(part.first));
  file.read(response.body.data(), static_cast<std::streamsize>(response.body.size()));
  return response;
}

net::Response read_file(const Services& services, const std::string& message_id, const std::string& range) {
  const auto message = services.messages.find(message_id);
  if (!message) return answer_to(message.error());
  if (!*message) return not_found();
  const std::string path = services.messages_folder + "/" + (*message)->file_name();
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file) return not_found();
  return whole_or_part(file, size, (*message)->media_type, range);
}

asio::awaitable<net::Response> get(const Services& services, net::Request request) {
  const auto read = [&services, message_id = request.parameters["message_id"], range = request.range] {
    return read_file(services, message_id, range);
  };
  co_return co_await run_on(services.query_thread, read);
}

/// The row first: a file without one goes at the next start.
net::Response remove_message(const Services& services, const std::string& message_id) {
  const auto message = services.messages.find(message_id);
  if (!message) return answer_to(message.error());
  if (!*message) return not_found();
  if (const auto removed = services.messages.remove(message_id); !removed) return answer_to(removed.error());
  std::error_code ignored;
  std::filesystem::remove(services.messages_folder + "/" + (*message)->file_name(), ignored);
  return {status::no_content, {}, {}};
}

asio::awaitable<net::Response> remove(const Services& services, net::Request request) {
  const auto work = [&services, message_id = request.parameters["message_id"]] {
    return remove_message(services, message_id);
  };
  co_return co_await run_on(services.query_thread, work);
}

}  // namespace

net::Answer list_messages(const Services& services) {
  return [&services](net::Request request) { return answer_messages(services, std::move(request)); };
}

net::Answer get_message(const Services& services) {
  return [&services](net::Request request) { return get(services, std::move(request)); };
}

net::Answer delete_message(const Services& services) {
  return [&services](net::Request request) { return remove(services, std::move(request)); };
}

}  // namespace neolia::gateway::api

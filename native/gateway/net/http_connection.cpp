// SPDX-License-Identifier: Apache-2.0
#include "gateway/net/http_connection.hpp"

#include "gateway/log.hpp"

namespace neolia::gateway::net {
namespace {

Response unauthorized() {
  auto response = error_response(http::status::unauthorized, "unauthorized",
                                 "send the gateway's token as 'Authorization: Bearer <token>'");
  response.headers.emplace_back(http::field::www_authenticate, "Bearer");
  return response;
}

bool is_open(const tl::expected<const Endpoint*, Response>& endpoint) {
  return endpoint && (*endpoint)->access == Access::open;
}

}  // namespace

std::optional<Response> refuse_upgrade(const Site& site, const http::request_header<>& header) {
  if (!websocket::is_upgrade(http::request<http::empty_body>(header))) {
    auto response = error_response(http::status::upgrade_required, "upgrade_required", "this path is a WebSocket");
    response.headers.emplace_back(http::field::upgrade, "websocket");
    return response;
  }
  const auto origin = header.find(http::field::origin);
  if (origin != header.end() && !site.allowed_origins.contains(view(origin->value()))) {
    return error_response(http::status::forbidden, "forbidden", "web pages may not open this WebSocket");
  }
  return std::nullopt;
}

std::optional<Response> refuse_header(const Site& site, const http::request_header<>& header) {
  const auto target = parse_target(view(header.target()));
  if (!target) return error_response(http::status::bad_request, "bad_request", "the request's target is malformed");
  auto endpoint = find_endpoint(site.endpoints, header.method(), target->first);
  if (!is_open(endpoint) && !site.token.matches(view(header[http::field::authorization]))) return unauthorized();
  return endpoint ? std::nullopt : std::optional(std::move(endpoint.error()));
}

std::optional<Response> refuse_read(beast::error_code error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return error_response(http::status::request_header_fields_too_large, "header_too_large",
                          "at most 8 KiB of headers");
  }
  if (error == http::error::body_limit) {
    return error_response(http::status::payload_too_large, "too_large", "the body is longer than max_body_bytes");
  }
  const bool malformed = error.category() == make_error_code(http::error::bad_method).category() &&
                         error != http::error::end_of_stream && error != http::error::partial_message;
  if (!malformed) return std::nullopt;
  return error_response(http::status::bad_request, "bad_request", "this is not HTTP/1.1: " + error.message());
}

asio::awaitable<Response> answer(const Endpoint& endpoint, Request request) {
  try {
    co_return co_await std::get<Answer>(endpoint.handler)(std::move(request));
  } catch (const std::exception& exception) {
    log::error("request failed", {{"path", std::string(endpoint.path)}, {"error", exception.what()}});
  }
  co_return error_response(http::status::internal_server_error, "internal", "the gateway failed; its log says why");
}

}  // namespace neolia::gateway::net

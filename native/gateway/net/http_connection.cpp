// SPDX-License-Identifier: Apache-2.0
#include "gateway/net/http_connection.hpp"

#include <boost/beast/http/rfc7230.hpp>

#include "gateway/log.hpp"

namespace neolia::gateway::net {

static constexpr const char* kFailed = "the gateway failed; its log says why";

Response unauthorized() {
  auto response = error_response(http::status::unauthorized, "unauthorized",
                                 "send the gateway's token as 'Authorization: Bearer <token>'");
  response.headers.emplace_back(http::field::www_authenticate, "Bearer");
  return response;
}

namespace {

/// Whether the header alone lets it in.
bool may_come(const Site& site, const tl::expected<Found, Response>& found, const Query& query,
              std::string_view authorization) {
  const auto access = found ? found->endpoint->access : Access::token;
  if (access == Access::open || (access == Access::token_or_session && query.contains("session"))) return true;
  return site.token.matches(authorization);
}

bool offers(const http::request_header<>& header, std::string_view subprotocol) {
  const auto offered = header[http::field::sec_websocket_protocol];
  return http::token_list(offered).exists({subprotocol.data(), subprotocol.size()});
}

}  // namespace

std::optional<Response> refuse_upgrade(const Site& site, const http::request_header<>& header,
                                       std::string_view subprotocol) {
  if (!websocket::is_upgrade(http::request<http::empty_body>(header))) {
    auto response = error_response(http::status::upgrade_required, "upgrade_required", "this path is a WebSocket");
    response.headers.emplace_back(http::field::upgrade, "websocket");
    return response;
  }
  const auto origin = header.find(http::field::origin);
  if (origin != header.end() && !site.allowed_origins.contains(view(origin->value()))) {
    return error_response(http::status::forbidden, "forbidden",
                          "web pages of this origin may not open this WebSocket; allowed_origins says which may");
  }
  if (!subprotocol.empty() && !offers(header, subprotocol)) {
    return error_response(http::status::bad_request, "bad_request",
                          "this WebSocket speaks the subprotocol '" + std::string(subprotocol) + "' only");
  }
  return std::nullopt;
}

std::optional<Response> refuse_header(const Site& site, const http::request_header<>& header) {
  const auto target = parse_target(view(header.target()));
  if (!target) return error_response(http::status::bad_request, "bad_request", "the request's target is malformed");
  auto found = find_endpoint(site.endpoints, header.method(), target->first);
  if (!may_come(site, found, target->second, view(header[http::field::authorization]))) return unauthorized();
  return found ? std::nullopt : std::optional(std::move(found.error()));
}

std::optional<Response> refuse_read(beast::error_code error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return error_response(http::status::request_header_fields_too_large, "header_too_large",
                          "at most 8 KiB of headers");
  }
  if (error == http::error::body_limit) {
    return error_response(http::status::payload_too_large, "too_large", "the body is longer than is taken here");
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
  co_return error_response(http::status::internal_server_error, "internal", kFailed);
}

asio::awaitable<Subscription> subscribe(const Endpoint& endpoint, Request request) {
  const auto* tunnel = std::get_if<Tunnel>(&endpoint.handler);
  const auto& open = tunnel != nullptr ? tunnel->open : std::get<Subscribe>(endpoint.handler);
  try {
    co_return co_await open(std::move(request));
  } catch (const std::exception& exception) {
    log::error("upgrade failed", {{"path", std::string(endpoint.path)}, {"error", exception.what()}});
  }
  co_return tl::unexpected(error_response(http::status::internal_server_error, "internal", kFailed));
}

}  // namespace neolia::gateway::net

// SPDX-License-Identifier: Apache-2.0
/// What an endpoint is: values in, values out; no sockets. All handlers run on the I/O thread and must not block it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/verb.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "model/json.hpp"

namespace neolia::gateway::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;

/// Decoded parameters of the request's target; the last of equal names counts.
using Query = std::map<std::string, std::string, std::less<>>;

/// What stands in the places of an endpoint's path, as in the request: not decoded, never empty.
using Parameters = std::map<std::string, std::string, std::less<>>;

struct Request {
  http::verb method{};
  std::string path;
  Query query;
  std::string body;
  Parameters parameters;
  std::string content_type;  ///< as sent; empty without
  std::string range;         ///< the header Range; empty without
};

struct Response {
  http::status status{};
  std::string body;
  std::vector<std::pair<http::field, std::string>> headers;
  std::string content_type = "application/json";  ///< not sent without a body
};

[[nodiscard]] Response json_response(http::status status, const model::Json& json);

/// `{"code", "message", "fields"}`; the codes of the API are wider than model::ErrorCode.
[[nodiscard]] Response error_response(http::status status, std::string_view code, std::string_view message,
                                      const std::vector<model::FieldError>& fields = {});

/// Why the server ends a WebSocket.
enum class CloseReason { going_away, too_slow, failed, other_side_gone, session_ended };

/// What one WebSocket sends, in order, and what becomes of what its peer says.
class Messages {
 public:
  using Message = std::shared_ptr<const std::string>;

  Messages() = default;
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;
  virtual ~Messages() = default;

  /// The next message as soon as there is one, or why there will be none.
  virtual asio::awaitable<tl::expected<Message, CloseReason>> next() = 0;
  /// Whether the message that next() gave last is binary.
  [[nodiscard]] virtual bool is_binary() const { return false; }

  /// What the peer says, one message after the other; false ends the WebSocket. Dropped, if not overridden.
  virtual asio::awaitable<bool> take(std::string_view /*message*/, bool /*binary*/) { co_return true; }
  /// The longest that the peer may say; more ends the WebSocket.
  [[nodiscard]] virtual std::size_t max_incoming() const { return 4096; }

  /// Ends a waiting next(), and each later one, with `going_away`.
  virtual void stop() = 0;
};

using Answer = std::function<asio::awaitable<Response>(Request)>;
using Subscription = tl::expected<std::unique_ptr<Messages>, Response>;
using Subscribe = std::function<asio::awaitable<Subscription>(Request)>;

/// A WebSocket for messages of one subprotocol, which the client must offer. It lives long and does not count among the
/// connections of the API.
struct Tunnel {
  std::string_view subprotocol;
  Subscribe open;
};

/// Who may come: everybody, who has the token, or who has the token or names a session in the query, which the endpoint
/// itself checks.
enum class Access { open, token, token_or_session };

/// One line of the table of endpoints; a Subscribe or a Tunnel is reached by a WebSocket upgrade
/// only. `{name}` in the path takes any one segment.
struct Endpoint {
  http::verb method{};
  std::string_view path;
  Access access{};
  std::variant<Answer, Subscribe, Tunnel> handler;
  std::optional<std::size_t> max_body = std::nullopt;  ///< bytes; else the limit of all
};

using Endpoints = std::vector<Endpoint>;

struct Found {
  const Endpoint* endpoint = nullptr;
  Parameters parameters;
};

/// The endpoint, or the 404 or 405 that tells what is there.
[[nodiscard]] tl::expected<Found, Response> find_endpoint(const Endpoints& endpoints, http::verb method,
                                                          std::string_view path);

/// Path and decoded query of a request's target; empty when it is malformed.
[[nodiscard]] std::optional<std::pair<std::string, Query>> parse_target(std::string_view target);

}  // namespace neolia::gateway::net

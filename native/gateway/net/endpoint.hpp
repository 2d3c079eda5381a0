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

struct Request {
  http::verb method{};
  std::string path;
  Query query;
  std::string body;
};

struct Response {
  http::status status{};
  std::string body;  ///< JSON
  std::vector<std::pair<http::field, std::string>> headers;
};

[[nodiscard]] Response json_response(http::status status, const model::Json& json);

/// `{"code", "message", "fields"}`; the codes of the API are wider than model::ErrorCode.
[[nodiscard]] Response error_response(http::status status, std::string_view code, std::string_view message,
                                      const std::vector<model::FieldError>& fields = {});

/// Why the server ends a WebSocket.
enum class CloseReason { going_away, too_slow, failed };

/// What one WebSocket sends, in order.
class Messages {
 public:
  using Message = std::shared_ptr<const std::string>;

  Messages() = default;
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;
  virtual ~Messages() = default;

  /// The next message as soon as there is one, or why there will be none.
  virtual asio::awaitable<tl::expected<Message, CloseReason>> next() = 0;

  /// Ends a waiting next(), and each later one, with `going_away`.
  virtual void stop() = 0;
};

using Answer = std::function<asio::awaitable<Response>(Request)>;
using Subscribe = std::function<tl::expected<std::unique_ptr<Messages>, Response>(const Query&)>;

enum class Access { open, token };

/// One line of the table of endpoints; a Subscribe is reached by a WebSocket upgrade only.
struct Endpoint {
  http::verb method{};
  std::string_view path;
  Access access{};
  std::variant<Answer, Subscribe> handler;
};

using Endpoints = std::vector<Endpoint>;

/// The endpoint, or the 404 or 405 that tells what is there.
[[nodiscard]] tl::expected<const Endpoint*, Response> find_endpoint(const Endpoints& endpoints, http::verb method,
                                                                    std::string_view path);

/// Path and decoded query of a request's target; empty when it is malformed.
[[nodiscard]] std::optional<std::pair<std::string, Query>> parse_target(std::string_view target);

}  // namespace neolia::gateway::net

// SPDX-License-Identifier: Apache-2.0
#include "gateway/net/endpoint.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace neolia::gateway::net {
namespace {

/// Cuts the first segment off.
std::string_view take_segment(std::string_view& path) {
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(path.size(), segment.size() + 1));
  return segment;
}

/// Empty when the path is not one of this pattern.
std::optional<Parameters> match(std::string_view pattern, std::string_view path) {
  if (std::count(pattern.begin(), pattern.end(), '/') != std::count(path.begin(), path.end(), '/')) return std::nullopt;
  Parameters parameters;
  while (!pattern.empty() || !path.empty()) {
    const auto expected = take_segment(pattern);
    const auto given = take_segment(path);
    if (expected.starts_with('{') && !given.empty()) {
      parameters.emplace(expected.substr(1, expected.size() - 2), given);
    } else if (expected != given) {
      return std::nullopt;
    }
  }
  return parameters;
}

std::string allowed_methods(const Endpoints& endpoints, std::string_view path) {
  std::string methods;
  for (const Endpoint& endpoint : endpoints) {
    if (!match(endpoint.path, path)) continue;
    methods += (methods.empty() ? "" : ", ") + std::string(http::to_string(endpoint.method));
  }
  return methods;
}

}  // namespace

Response json_response(http::status status, const model::Json& json) {
  return {status, json.dump(-1, ' ', false, model::Json::error_handler_t::replace), {}, "application/json"};
}

Response error_response(http::status status, std::string_view code, std::string_view message,
                        const std::vector<model::FieldError>& fields) {
  model::Json list = model::Json::array();
  for (const auto& field : fields) {
    list.push_back({{"code", model::to_string(field.code)}, {"path", field.path}, {"message", field.message}});
  }
  return json_response(status, {{"code", code}, {"message", message}, {"fields", std::move(list)}});
}

tl::expected<Found, Response> find_endpoint(const Endpoints& endpoints, http::verb method, std::string_view path) {
  for (const Endpoint& endpoint : endpoints) {
    if (endpoint.method != method) continue;
    if (auto parameters = match(endpoint.path, path)) return Found{&endpoint, std::move(*parameters)};
  }
  const std::string methods = allowed_methods(endpoints, path);
  if (methods.empty()) {
    return tl::unexpected(error_response(http::status::not_found, "not_found", "there is nothing at this path"));
  }
  Response response =
      error_response(http::status::method_not_allowed, "method_not_allowed", "this path takes " + methods + " only");
  response.headers.emplace_back(http::field::allow, methods);
  return tl::unexpected(std::move(response));
}

std::optional<std::pair<std::string, Query>> parse_target(std::string_view target) {
  const auto parsed = boost::urls::parse_origin_form({target.data(), target.size()});
  if (!parsed) return std::nullopt;
  Query query;
  for (const auto& parameter : parsed->params()) query[std::string(parameter.key)] = std::string(parameter.value);
  const auto path = parsed->encoded_path();
  return std::pair{std::string(path.data(), path.size()), std::move(query)};
}

}  // namespace neolia::gateway::net

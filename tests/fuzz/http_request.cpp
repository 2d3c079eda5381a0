// SPDX-License-Identifier: Apache-2.0
/// The bytes of one HTTP request as a connection reads them: Beast's parser, then what is ours.
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "gateway/api/body.hpp"
#include "gateway/api/byte_range.hpp"
#include "gateway/net/http_connection.hpp"
#include "target.hpp"

namespace neolia::fuzz {
namespace {

namespace net = gateway::net;
namespace http = net::http;

net::Site make_site() {
  using net::Access;
  const net::Answer answer;
  return {{{http::verb::get, "/v1/health", Access::open, answer},
           {http::verb::put, "/v1/snapshot", Access::token, answer},
           {http::verb::post, "/v1/calls", Access::token, answer},
           {http::verb::delete_, "/v1/calls/{call_id}", Access::token, answer},
           {http::verb::get, "/v1/events", Access::token, net::Subscribe()},
           {http::verb::get, "/v1/sip", Access::token_or_session, net::Tunnel{"sip", {}}}},
          net::Token("0123456789abcdef"),
          {},
          {"https://home.example"}};
}

void expect_refusal(const net::Response& response) {
  const auto code = static_cast<unsigned>(response.status);
  expect(code >= 400 && code < 500, "a refusal is the client's fault");
  const auto json = model::Json::parse(response.body, nullptr, false);
  expect(json.is_object() && json.contains("code") && json.contains("message"), "a refusal is told as JSON");
  for (const auto& field : json.at("fields")) {
    expect(is_path(field.at("path").get_ref<const std::string&>()), "a path is printable");
  }
}

void try_body(std::string body) {
  net::Request request;
  request.body = std::move(body);
  gateway::api::Body fields(request);
  const auto account_id = fields.text("account_id");
  const auto seconds = fields.number("seconds", 60, 86400, 3600);
  const auto needed = fields.number("count", 0, INT64_MAX, std::nullopt);
  const auto refusal = fields.refusal();
  if (refusal) return expect_refusal(*refusal);
  expect(seconds >= 60 && seconds <= 86400 && needed >= 0, "a number that was taken lies in its range");
}

void try_range(const std::string& header) {
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, UINT64_MAX}) {
    const auto range = gateway::api::read_byte_range(header, size);
    if (!range || !*range) continue;
    expect((*range)->first <= (*range)->last && (*range)->last < size, "a range lies inside");
  }
}

void try_header(const http::request_header<>& header) {
  static const net::Site kSite = make_site();
  try_range(std::string(net::view(header[http::field::range])));
  if (const auto refusal = net::refuse_header(kSite, header)) return expect_refusal(*refusal);
  const auto target = net::parse_target(net::view(header.target()));
  expect(target.has_value(), "who may go on has a target");
  const auto found = net::find_endpoint(kSite.endpoints, header.method(), target->first);
  expect(found.has_value(), "who may go on has an endpoint");
  for (const auto& [name, value] : found->parameters) {
    expect(!value.empty() && value.find('/') == std::string::npos, "a parameter of the path is one segment");
  }
  const bool is_open = found->endpoint->access == net::Access::open;
  const bool is_session =
      found->endpoint->access == net::Access::token_or_session && target->second.contains("session");
  expect(is_open || is_session || kSite.token.matches(net::view(header[http::field::authorization])),
         "nobody comes in without the token");
  if (const auto refusal = net::refuse_upgrade(kSite, header, "sip")) expect_refusal(*refusal);
}

}  // namespace

void try_input(std::string_view input) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(net::kMaxHeader);
  parser.body_limit(4096);
  parser.eager(true);
  net::beast::error_code error;
  while (!input.empty() && !parser.is_done()) {
    const auto used = parser.put(net::asio::buffer(input), error);
    input.remove_prefix(used);
    if (error || used == 0) break;
  }
  if (error) {
    if (const auto refusal = net::refuse_read(error)) expect_refusal(*refusal);
  }
  if (parser.is_header_done()) try_header(parser.get());
  if (parser.is_done()) try_body(parser.release().body());
}

}  // namespace neolia::fuzz

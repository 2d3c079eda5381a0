// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/put_snapshot.hpp"

#include "gateway/api/apply_answer.hpp"

namespace neolia::gateway::api {
namespace {

std::optional<bool> read_flag(const net::Query& query, std::string_view name) {
  const auto found = query.find(name);
  if (found == query.end() || found->second == "false") return false;
  return found->second == "true" ? std::optional(true) : std::nullopt;
}

net::Response bad_adopt() {
  return net::error_response(net::http::status::bad_request, "invalid", "the query is not usable",
                             {{model::FieldCode::format, "adopt", "must be true or false"}});
}

asio::awaitable<net::Response> answer_put(Services& services, net::Request request) {
  const auto adopt = read_flag(request.query, "adopt");
  if (!adopt) co_return bad_adopt();
  auto put = [&applier = services.applier, body = std::move(request.body), adopt = *adopt] {
    return applier.put(body, adopt);
  };
  co_return apply_answer(co_await run_on(services.apply_thread, std::move(put)));
}

}  // namespace

net::Answer put_snapshot(Services& services) {
  return [&services](net::Request request) { return answer_put(services, std::move(request)); };
}

}  // namespace neolia::gateway::api

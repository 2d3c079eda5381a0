// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/patch_snapshot.hpp"

#include "gateway/api/apply_answer.hpp"

namespace neolia::gateway::api {
namespace {

asio::awaitable<net::Response> answer_patch(Services& services, net::Request request) {
  auto patch = [&applier = services.applier, body = std::move(request.body)] { return applier.patch(body); };
  co_return apply_answer(co_await run_on(services.apply_thread, std::move(patch)));
}

}  // namespace

net::Answer patch_snapshot(Services& services) {
  return [&services](net::Request request) { return answer_patch(services, std::move(request)); };
}

}  // namespace neolia::gateway::api

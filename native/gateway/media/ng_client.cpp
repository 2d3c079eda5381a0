// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/ng_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "gateway/media/ng_answer.hpp"
#include "model/id.hpp"

namespace neolia::gateway::media {
namespace {

using asio::ip::udp;
using model::Json;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kPatience{500};
constexpr int kAttempts = 2;

}  // namespace

NgClient::NgClient(asio::io_context& context, udp::endpoint server)
    : context_(context), server_(std::move(server)), socket_(context), prefix_(model::make_id()) {}

Outcome<void> NgClient::open() {
  boost::system::error_code error;
  socket_.open(server_.protocol(), error);
  if (!error) socket_.connect(server_, error);
  if (error) return failure("no socket for RTPEngine: " + error.message());
  asio::co_spawn(context_, receive(), asio::detached);
  return {};
}

asio::awaitable<void> NgClient::receive() {
  std::array<char, 65536> datagram{};
  for (;;) {
    const auto [error, size] = co_await socket_.async_receive(asio::buffer(datagram), kAwait);
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) co_return;
    if (!error) take({datagram.data(), size});  // else nobody listens there, which the missing answer tells
  }
}

void NgClient::take(std::string_view datagram) {
  const auto waiting = waiting_.find(cookie_of(datagram));
  if (waiting == waiting_.end()) return;
  waiting->second->answer = read_ng_answer(datagram);
  waiting->second->timer.cancel();
}

asio::awaitable<std::optional<Json>> NgClient::ask_once(std::string command) {
  const std::string cookie = prefix_ + "_" + std::to_string(++last_);
  Waiting waiting{asio::steady_timer(context_, kPatience), std::nullopt};
  waiting_[cookie] = &waiting;
  const std::string datagram = cookie + " " + command;
  boost::system::error_code error;
  socket_.send(asio::buffer(datagram), 0, error);
  if (error) socket_.send(asio::buffer(datagram), 0, error);  // the first only told of an earlier datagram
  co_await waiting.timer.async_wait(kAwait);
  waiting_.erase(cookie);
  co_return std::move(waiting.answer);
}

/// A repetition needs a new cookie: RTPEngine drops a datagram whose cookie it has seen.
asio::awaitable<Outcome<Json>> NgClient::ask(Json command) {
  const std::string text = command.dump(-1, ' ', false, Json::error_handler_t::replace);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto answer = co_await ask_once(text);
    if (!answer) continue;
    co_return check_ng_answer(std::move(*answer));
  }
  co_return failure("RTPEngine does not answer");
}

asio::awaitable<bool> NgClient::ping() {
  Json command = {{"command", "ping"}};
  std::string text = command.dump();
  const auto answer = co_await ask_once(std::move(text));
  co_return answer && answer->is_object() && answer->value("result", Json()) == "pong";
}

asio::awaitable<Outcome<std::chrono::milliseconds>> NgClient::play(Party party, std::string file) {
  Json command = {
      {"command", "play media"}, {"call-id", party.call_id}, {"from-tag", party.tag}, {"file", std::move(file)}};
  const auto answer = co_await ask(std::move(command));
  co_return answer.and_then(length_played);
}

}  // namespace neolia::gateway::media

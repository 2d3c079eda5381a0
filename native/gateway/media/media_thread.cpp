// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/media_thread.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "gateway/log.hpp"

namespace neolia::gateway::media {
namespace {

constexpr std::chrono::seconds kTick{1};
constexpr std::chrono::seconds kDrain{8};  ///< below the 10 s after which supervisors kill

}  // namespace

MediaThread::MediaThread(Options options, Parts parts)
    : context_(1),
      work_(context_.get_executor()),
      options_(std::move(options)),
      on_health_(std::move(parts.on_health)),
      engine_(context_, options_.rtpengine),
      watch_(engine_, [this](bool) { tell_health(); }),
      agent_(options_.agent),
      greetings_(options_.greetings),
      box_(std::move(parts.rows), options_.messages_folder, options_.keep, std::move(parts.announce)),
      voicemail_({context_, agent_, engine_, watch_, greetings_, box_, parts.accepted}, options_.voicemail),
      test_calls_(context_, agent_) {}

MediaThread::~MediaThread() { end(); }

Outcome<void> MediaThread::start() {
  for (auto opened : {box_.open(), greetings_.open(), engine_.open()}) {
    if (!opened) return opened;
  }
  if (!options_.agent.address.empty()) {
    const auto listening = agent_.start(agent_events());
    has_agent_ = listening.has_value();
    if (!listening) log::error("no voicemail and no test calls", {{"error", listening.error()}});
  }
  if (!is_program(options_.voicemail.ffmpeg)) {
    log::error("no voicemail until ffmpeg is installed", {{"ffmpeg", options_.voicemail.ffmpeg}});
  }
  asio::co_spawn(context_, watch_.run(), asio::detached);
  asio::co_spawn(context_, keep_up(), asio::detached);
  thread_ = std::thread([this] { context_.run(); });
  return {};
}

AgentEvents MediaThread::agent_events() {
  const auto on_thread = [this](auto take) { asio::post(context_, std::move(take)); };
  return {[this, on_thread](Invite invite) {
            on_thread([this, invite = std::move(invite)]() mutable { voicemail_.on_invite(std::move(invite)); });
          },
          [this, on_thread](CallNumber call) {
            on_thread([this, call] {
              voicemail_.on_established(call);
              test_calls_.on_established(call);
            });
          },
          [this, on_thread](CallNumber call) {
            on_thread([this, call] {
              voicemail_.on_end(call);
              test_calls_.on_end(call);
            });
          }};
}

asio::awaitable<void> MediaThread::keep_up() {
  asio::steady_timer timer(context_);
  for (;;) {
    box_.tidy({});
    tell_health();
    timer.expires_after(kTick);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void MediaThread::tell_health() { on_health_({watch_.state(), has_agent_ && voicemail_.is_ready(), box_.figures()}); }

void MediaThread::close() {
  asio::post(context_, [this] {
    test_calls_.stop();
    voicemail_.stop([this] { idle_.set_value(); });
    tell_health();
  });
}

void MediaThread::stop() {
  if (!thread_.joinable()) return;
  if (idle_.get_future().wait_for(kDrain) != std::future_status::ready) log::warning("a recording is given up");
  end();
}

void MediaThread::end() {
  agent_.stop();
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace neolia::gateway::media

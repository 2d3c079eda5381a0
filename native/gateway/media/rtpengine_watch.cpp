// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/rtpengine_watch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "gateway/log.hpp"

namespace neolia::gateway::media {
namespace {

constexpr int kMisses = 3;

}  // namespace

RtpEngineWatch::RtpEngineWatch(RtpEngine& engine, OnChange on_change, std::chrono::milliseconds interval)
    : engine_(engine), on_change_(std::move(on_change)), interval_(interval) {}

asio::awaitable<void> RtpEngineWatch::run() {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (;;) {
    timer.expires_after(interval_);
    const bool answered = co_await engine_.ping();
    note(answered);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void RtpEngineWatch::note(bool answered) {
  misses_ = answered ? 0 : misses_ + 1;
  if (!answered && misses_ < kMisses) return;
  if (up_ == answered) return;
  up_ = answered;
  if (answered) {
    log::info("RTPEngine answers");
  } else {
    log::warning("RTPEngine does not answer; calls that need it are refused until it does");
  }
  on_change_(answered);
}

}  // namespace neolia::gateway::media

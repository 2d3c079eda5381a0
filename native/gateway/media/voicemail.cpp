// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/voicemail.hpp"

#include <date/date.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cmath>

#include "gateway/kamailio/event.hpp"
#include "gateway/log.hpp"
#include "gateway/media/called.hpp"

namespace neolia::gateway::media {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;
using SystemClock = std::chrono::system_clock;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr milliseconds kReceiverPatience{2500};
constexpr milliseconds kAckPatience{5000};
constexpr milliseconds kLook{500};
constexpr int kUnavailable = 480;

std::string to_time(SystemClock::time_point moment) {
  return date::format("%FT%TZ", std::chrono::floor<std::chrono::microseconds>(moment));
}

}  // namespace

bool Voicemail::is_ready() const {
  return !on_idle_ && parts_.watch.is_up() && is_program(options_.ffmpeg) && parts_.box.has_space();
}

void Voicemail::on_invite(Invite invite) {
  const auto call = std::make_shared<Call>(parts_.context, std::move(invite));
  calls_[call->invite.call] = call;
  asio::co_spawn(parts_.context, serve(call), asio::detached);
}

void Voicemail::on_established(CallNumber number) {
  const auto call = calls_.find(number);
  if (call == calls_.end()) return;
  call->second->is_established = true;
  call->second->changed.cancel();
}

void Voicemail::on_end(CallNumber number) {
  const auto call = calls_.find(number);
  if (call == calls_.end()) return;
  call->second->is_over = true;
  call->second->changed.cancel();
}

void Voicemail::stop(std::function<void()> on_idle) {
  on_idle_ = std::move(on_idle);
  for (const auto& [number, call] : calls_) {
    call->is_over = true;
    call->changed.cancel();
  }
  if (calls_.empty()) on_idle_();
}

asio::awaitable<void> Voicemail::serve(CallPtr call) {
  co_await take(call);
  parts_.agent.hang_up(call->invite.call);
  calls_.erase(call->invite.call);
  if (on_idle_ && calls_.empty()) on_idle_();
}

asio::awaitable<void> Voicemail::take(CallPtr call) {
  const auto called = find_called(call->invite);
  if (!called) co_return refuse(*call, "no such unit, or not a call from Kamailio's voicemail step");
  if (!is_ready()) co_return refuse(*call, "RTPEngine, ffmpeg or space on the disk is missing");
  const auto offer = read_offer(call->invite.offer);
  if (!offer) co_return refuse(*call, offer.error());
  const auto message_id = model::make_id();
  const auto executor = parts_.context.get_executor();
  const auto recorder = Recorder::start(executor, options_.ffmpeg, *offer, parts_.box.path_of(message_id));
  if (!recorder) co_return refuse(*call, recorder.error());
  const bool receives = co_await (*recorder)->is_ready(kReceiverPatience);
  if (!receives) co_return refuse(*call, "ffmpeg does not receive");

  parts_.agent.answer(call->invite.call, make_answer(*offer, (*recorder)->ports()));
  if (!call->is_over) co_await wait(call, kAckPatience);
  if (call->is_over || !call->is_established) co_return;
  const auto from = co_await greet(call, called->unit_id);
  if (call->is_over) co_return;
  co_await record(call, **recorder, from);
  parts_.agent.hang_up(call->invite.call);  // before the file is made, which takes a moment
  co_await keep(*called, message_id, **recorder, from);
}

asio::awaitable<Voicemail::Moment> Voicemail::greet(CallPtr call, model::Id unit_id) {
  std::string file = parts_.greetings.file_for(unit_id);
  auto length = co_await parts_.engine.play(call->invite.caller, file);
  if (!length) {
    log::warning("no greeting is heard", {{"file", file}, {"error", length.error()}});
    length = milliseconds(0);
  }
  const auto from = SystemClock::now() + *length;
  const auto deadline = SteadyClock::now() + *length;
  while (!call->is_over && SteadyClock::now() < deadline) {
    co_await wait(call, std::chrono::ceil<milliseconds>(deadline - SteadyClock::now()));
  }
  co_return from;
}

asio::awaitable<void> Voicemail::record(CallPtr call, Recorder& recorder, Moment from) {
  log::info("recording a message", {{"call", call->invite.neolia_call}});
  const auto deadline = SteadyClock::now() + options_.longest - (SystemClock::now() - from);
  while (!call->is_over && recorder.is_receiving() && SteadyClock::now() < deadline) {
    co_await wait(call, std::min(kLook, std::chrono::ceil<milliseconds>(deadline - SteadyClock::now())));
  }
}

asio::awaitable<void> Voicemail::keep(Called called, model::Id message_id, Recorder& recorder, Moment from) {
  const auto recording = co_await recorder.finish(from);
  if (!recording) co_return log::error("a message is lost", {{"error", recording.error()}});
  if (!*recording) co_return log::info("nothing was said, no message");
  const auto& made = **recording;
  const auto seconds = std::max<std::int64_t>(1, std::llround(made.seconds));
  state::Message message{message_id,     called.call_id,  to_time(from),
                         called.unit_id, called.caller,   seconds,
                         made.video,     made.media_type, 0};
  if (const auto added = parts_.box.add(std::move(message), made); !added) {
    co_return log::error("a message is lost", {{"error", added.error()}});
  }
  log::info("message kept", {{"message_id", message_id}, {"seconds", std::to_string(seconds)}});
  parts_.box.tidy({});
}

asio::awaitable<void> Voicemail::wait(CallPtr call, milliseconds patience) {
  call->changed.expires_after(patience);
  co_await call->changed.async_wait(kAwait);
}

std::optional<Voicemail::Called> Voicemail::find_called(const Invite& invite) const {
  const auto unit = read_voicemail_user(invite.user);
  const auto call = read_neolia_call(invite.neolia_call);
  if (!unit || !call) return std::nullopt;
  return parts_.accepted.read([&](const state::Picture* picture, const state::Keys& keys) -> std::optional<Called> {
    const auto unit_id = keys.id_of(*unit);
    if (picture == nullptr || picture->compiler.facts().unit(unit_id) == nullptr) return std::nullopt;
    const auto caller_id = keys.id_of(call->caller);
    return Called{unit_id, call->call_id,
                  kamailio::caller_json(caller_id, picture->compiler.facts().account(caller_id)).dump()};
  });
}

void Voicemail::refuse(const Call& call, const std::string& why) {
  log::warning("voicemail call refused", {{"user", call.invite.user}, {"reason", why}});
  parts_.agent.refuse(call.invite.call, kUnavailable);
}

}  // namespace neolia::gateway::media

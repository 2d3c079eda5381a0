// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "gateway/media/agent.hpp"
#include "gateway/media/greetings.hpp"
#include "gateway/media/message_box.hpp"
#include "gateway/media/recorder.hpp"
#include "gateway/media/rtpengine_watch.hpp"
#include "gateway/state/accepted.hpp"

namespace neolia::gateway::media {

/// Answers calls to `vm<unit key>`: greeting, beep, recording, message. Runs on the io_context's one thread.
class Voicemail {
 public:
  struct Options {
    std::string ffmpeg;
    std::chrono::milliseconds longest{};  ///< of a message
  };
  struct Parts {
    asio::io_context& context;
    Agent& agent;
    RtpEngine& engine;
    const RtpEngineWatch& watch;
    const Greetings& greetings;
    MessageBox& box;
    const state::Accepted& accepted;
  };
  Voicemail(Parts parts, Options options) : parts_(parts), options_(std::move(options)) {}

  void on_invite(Invite invite);
  void on_established(CallNumber number);
  void on_end(CallNumber number);

  /// Whether a call would be taken now, as far as that does not depend on the call.
  [[nodiscard]] bool is_ready() const;

  /// Takes no more calls and ends those that are there, each with its message; `on_idle` when that is done.
  void stop(std::function<void()> on_idle);

 private:
  struct Call {
    Call(asio::io_context& context, Invite made) : invite(std::move(made)), changed(context) {}

    Invite invite;
    asio::steady_timer changed;  ///< cancelled at each change
    bool is_established = false;
    bool is_over = false;  ///< ended, or to be ended now
  };
  struct Called {
    model::Id unit_id;
    std::string call_id;
    std::string caller;  ///< JSON
  };
  using CallPtr = std::shared_ptr<Call>;
  using Moment = std::chrono::system_clock::time_point;

  asio::awaitable<void> serve(CallPtr call);
  asio::awaitable<void> take(CallPtr call);
  /// Plays the greeting; when the beep is over.
  asio::awaitable<Moment> greet(CallPtr call, model::Id unit_id);
  asio::awaitable<void> record(CallPtr call, Recorder& recorder, Moment from);
  asio::awaitable<void> keep(Called called, model::Id message_id, Recorder& recorder, Moment from);
  /// Until the call changes, at most `patience`.
  asio::awaitable<void> wait(CallPtr call, std::chrono::milliseconds patience);

  std::optional<Called> find_called(const Invite& invite) const;
  void refuse(const Call& call, const std::string& why);

  Parts parts_;
  Options options_;
  std::map<CallNumber, CallPtr> calls_;
  std::function<void()> on_idle_;  ///< set when stopping
};

}  // namespace neolia::gateway::media

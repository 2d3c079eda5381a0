// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cstdint>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <thread>

#include "gateway/media/greetings.hpp"
#include "gateway/media/message_box.hpp"
#include "gateway/media/ng_client.hpp"
#include "gateway/media/rtpengine_watch.hpp"
#include "gateway/media/sofia_agent.hpp"
#include "gateway/media/test_calls.hpp"
#include "gateway/media/voicemail.hpp"

namespace neolia::gateway::media {

struct Health {
  std::optional<bool> rtpengine;  ///< unknown at first
  bool voicemail = false;
  MessageBox::Figures messages;
};

/// Everything about media: its parts, and the one thread on which they run beside the agent's.
class MediaThread {
 public:
  struct Options {
    asio::ip::udp::endpoint rtpengine;
    SofiaAgent::Options agent;  ///< no agent without an address
    Voicemail::Options voicemail;
    Greetings::Options greetings;
    std::string messages_folder;
    MessageBox::Limits keep;
  };
  struct Parts {
    const state::Accepted& accepted;
    state::Messages rows;
    MessageBox::Announce announce;
    std::function<void(const Health&)> on_health;  ///< at each change and once a second, on this thread
  };
  MediaThread(Options options, Parts parts);
  MediaThread(const MediaThread&) = delete;
  MediaThread& operator=(const MediaThread&) = delete;
  ~MediaThread();

  /// The error says which folder cannot be used. Whatever else is missing is told by Health and the log.
  [[nodiscard]] Outcome<void> start();

  /// Takes no more calls and ends those that are there, each with its message. Any thread.
  void close();

  /// After close(): waits some seconds for what is left of it.
  void stop();

  /// Where the parts below may be used.
  [[nodiscard]] asio::any_io_executor executor() { return context_.get_executor(); }
  [[nodiscard]] TestCalls& test_calls() { return test_calls_; }
  [[nodiscard]] const Greetings& greetings() const { return greetings_; }
  /// Any thread.
  [[nodiscard]] bool has_agent() const { return has_agent_; }

 private:
  asio::awaitable<void> keep_up();
  void tell_health();
  void end();
  AgentEvents agent_events();

  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  const Options options_;
  std::function<void(const Health&)> on_health_;
  NgClient engine_;
  RtpEngineWatch watch_;
  SofiaAgent agent_;
  Greetings greetings_;
  MessageBox box_;
  Voicemail voicemail_;
  TestCalls test_calls_;
  bool has_agent_ = false;  ///< since start()
  std::promise<void> idle_;
  std::thread thread_;
};

}  // namespace neolia::gateway::media

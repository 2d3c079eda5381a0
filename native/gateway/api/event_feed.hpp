// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gateway/state/event_log.hpp"

namespace neolia::gateway::api {

/// The newest events in memory, shared by all WebSockets; I/O thread only.
class EventFeed {
 public:
  using Message = std::shared_ptr<const std::string>;

  /// Continues after number `last` of `stream`; keeps `capacity` events.
  EventFeed(std::string stream, std::int64_t last, std::size_t capacity);

  /// Adds events with the numbers after last().
  void publish(const std::vector<state::LoggedEvent>& events);

  [[nodiscard]] const std::string& stream() const { return stream_; }
  [[nodiscard]] std::int64_t last() const { return last_; }

  /// Null when it is not in memory (any more).
  [[nodiscard]] Message message(std::int64_t number) const;

  /// The WebSocket message of an event.
  [[nodiscard]] Message make_message(const state::LoggedEvent& event) const;

  /// Somebody who wants to be told about new events.
  class Waiter {
   public:
    Waiter(EventFeed& feed, const boost::asio::any_io_executor& executor);
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter();

    /// Returns after the next publish() or wake().
    boost::asio::awaitable<void> wait();
    void wake() { timer_.cancel(); }

   private:
    EventFeed& feed_;
    boost::asio::steady_timer timer_;
  };

 private:
  const std::string stream_;
  const std::size_t capacity_;
  std::int64_t last_;
  std::deque<Message> newest_;
  std::set<Waiter*> waiters_;
};

}  // namespace neolia::gateway::api

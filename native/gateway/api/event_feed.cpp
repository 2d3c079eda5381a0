// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/event_feed.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace neolia::gateway::api {

namespace asio = boost::asio;

EventFeed::EventFeed(std::string stream, std::int64_t last, std::size_t capacity)
    : stream_(std::move(stream)), capacity_(capacity), last_(last) {}

void EventFeed::publish(const std::vector<state::LoggedEvent>& events) {
  for (const auto& event : events) {
    newest_.push_back(make_message(event));
    if (newest_.size() > capacity_) newest_.pop_front();
    last_ = event.number;
  }
  for (Waiter* waiter : waiters_) waiter->wake();
}

EventFeed::Message EventFeed::message(std::int64_t number) const {
  const auto first = last_ - static_cast<std::int64_t>(newest_.size()) + 1;
  if (number < first || number > last_) return nullptr;
  return newest_[static_cast<std::size_t>(number - first)];
}

EventFeed::Message EventFeed::make_message(const state::LoggedEvent& event) const {
  // The event is JSON already: parsing it to put it into an object would change nothing.
  return std::make_shared<const std::string>(R"({"type":"event","stream":")" + stream_ + R"(","number":)" +
                                             std::to_string(event.number) + R"(,"event":)" + event.event + "}");
}

EventFeed::Waiter::Waiter(EventFeed& feed, const asio::any_io_executor& executor)
    : feed_(feed), timer_(executor, asio::steady_timer::time_point::max()) {
  feed_.waiters_.insert(this);
}

EventFeed::Waiter::~Waiter() { feed_.waiters_.erase(this); }

asio::awaitable<void> EventFeed::Waiter::wait() { co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable)); }

}  // namespace neolia::gateway::api

// SPDX-License-Identifier: Apache-2.0
#include "gateway/api/events.hpp"

#include <algorithm>
#include <charconv>
#include <deque>

#include "gateway/log.hpp"

namespace neolia::gateway::api {
namespace {

constexpr int kPage = 200;

/// One subscriber: reads pages of the log until it has caught up, then the feed.
class EventMessages final : public net::Messages {
 public:
  EventMessages(EventSource source, const asio::any_io_executor& io_thread, std::int64_t after)
      : source_(std::move(source)), waiter_(source_.feed, io_thread), sent_(after) {}

  asio::awaitable<tl::expected<Message, net::CloseReason>> next() override {
    if (!greeted_) co_return greet();
    while (!stopped_) {
      if (!page_.empty()) co_return next_of_page();
      if (sent_ >= source_.feed.last()) {
        live_ = true;
        co_await waiter_.wait();
      } else if (auto message = source_.feed.message(sent_ + 1)) {
        ++sent_;
        co_return message;
      } else if (live_) {
        log::warning("a WebSocket that is too far behind is closed");
        co_return tl::unexpected(net::CloseReason::too_slow);
      } else if (!co_await read_page()) {
        co_return tl::unexpected(net::CloseReason::failed);
      }
    }
    co_return tl::unexpected(net::CloseReason::going_away);
  }

  void stop() override {
    stopped_ = true;
    waiter_.wake();
  }

 private:
  Message greet() {
    greeted_ = true;
    const auto directory = source_.board.get().directory;
    const model::Json hello = {{"type", "hello"},
                               {"stream", source_.feed.stream()},
                               {"last", source_.feed.last()},
                               {"directory_id", directory ? model::Json(directory->id) : model::Json(nullptr)}};
    return std::make_shared<const std::string>(hello.dump());
  }

  Message next_of_page() {
    auto message = source_.feed.make_message(page_.front());
    sent_ = page_.front().number;
    page_.pop_front();
    return message;
  }

  asio::awaitable<bool> read_page() {
    const auto read = [&log = source_.event_log, after = sent_] { return log.read(after, kPage); };
    const auto events = co_await run_on(source_.query_thread, read);
    if (!events || events->empty()) {
      log::error("the event log cannot be read", {{"error", events ? "events are missing" : events.error().message}});
      co_return false;
    }
    page_.assign(events->begin(), events->end());
    co_return true;
  }

  const EventSource source_;
  EventFeed::Waiter waiter_;
  std::int64_t sent_;
  std::deque<state::LoggedEvent> page_;
  bool greeted_ = false;
  bool live_ = false;
  bool stopped_ = false;
};

/// Where to begin; a cursor of another stream, or of none, means the beginning.
tl::expected<std::int64_t, net::Response> read_cursor(const net::Query& query, const EventFeed& feed) {
  std::int64_t after = 0;
  if (const auto text = query.find("after"); text != query.end()) {
    const auto* const end = text->second.data() + text->second.size();
    const auto [stop, error] = std::from_chars(text->second.data(), end, after);
    if (error != std::errc{} || stop != end || text->second.starts_with('-')) {
      return tl::unexpected(
          net::error_response(net::http::status::bad_request, "invalid", "the cursor is not usable",
                              {{model::FieldCode::format, "after", "must be the number of an event"}}));
    }
  }
  const auto stream = query.find("stream");
  return stream != query.end() && stream->second == feed.stream() ? std::min(after, feed.last()) : 0;
}

asio::awaitable<net::Subscription> open(EventSource source, asio::any_io_executor io_thread, net::Query query) {
  const auto after = read_cursor(query, source.feed);
  if (!after) co_return tl::unexpected(after.error());
  co_return std::make_unique<EventMessages>(std::move(source), io_thread, *after);
}

}  // namespace

net::Subscribe events(const EventSource& source, const asio::any_io_executor& io_thread) {
  return [source, io_thread](net::Request request) { return open(source, io_thread, std::move(request.query)); };
}

}  // namespace neolia::gateway::api

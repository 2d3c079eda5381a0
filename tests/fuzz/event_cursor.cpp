// SPDX-License-Identifier: Apache-2.0
/// The query of GET /v1/events: from where a subscriber is told.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "gateway/api/events.hpp"
#include "gateway/example.hpp"
#include "gateway/state/data_folder.hpp"
#include "target.hpp"

namespace neolia::fuzz {
namespace {

namespace asio = boost::asio;
namespace net = gateway::net;
using gateway::api::EventFeed;
using gateway::state::EventLog;
using model::Json;

constexpr const char* kStream = "stream-1";
constexpr std::int64_t kLast = 12;

/// Twelve events, of which the newest three are in memory.
class Gateway {
 public:
  Gateway() {
    const std::vector<std::string> texts(kLast, R"({"type":"ended"})");
    feed_.publish(log_.append(texts, {1, kLast}).value());
  }

  net::Subscription open(net::Query query) {
    net::Request request;
    request.query = std::move(query);
    const net::Subscribe subscribe =
        gateway::api::events({board_, feed_, io_.get_executor(), log_}, io_.get_executor());
    return run(subscribe(std::move(request)));
  }

  /// The next message as JSON; null when it is told that there is none.
  Json next(net::Messages& messages) {
    const auto message = run(messages.next());
    return message ? Json::parse(**message) : Json();
  }

 private:
  /// What must not have to wait for anybody.
  template <typename Value>
  Value run(asio::awaitable<Value> work) {
    std::optional<Value> done;
    asio::co_spawn(
        io_,
        [](auto waiting, auto& result) -> asio::awaitable<void> { result = co_await std::move(waiting); }(
                                           std::move(work), done),
        asio::detached);
    io_.restart();
    io_.poll();
    expect(done.has_value(), "it is answered at once");
    return *std::move(done);
  }

  gateway::Folder folder_;
  gateway::state::DataFolder data_ = gateway::state::DataFolder::open(folder_.path()).value();
  asio::io_context io_;
  EventLog log_ = EventLog::open(data_.gateway_file(), 1000).value();
  gateway::kamailio::StatusBoard board_;
  EventFeed feed_{kStream, 0, 3};
};

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}

/// The number of the first event that is told; empty when the query is none.
std::optional<std::int64_t> first_of(const net::Query& query) {
  const auto after = query.find("after");
  const auto stream = query.find("stream");
  if (after != query.end() && !is_number(after->second)) return std::nullopt;
  if (after == query.end() || stream == query.end() || stream->second != kStream) return 1;
  const auto digits = after->second.find_first_not_of('0');
  const auto number = digits == std::string::npos ? "0" : after->second.substr(digits);
  return number.size() > 2 ? kLast + 1 : std::min<std::int64_t>(std::stoi(number), kLast) + 1;
}

}  // namespace

void try_input(std::string_view input) {
  static Gateway gateway;
  const auto target = net::parse_target("/v1/events?" + std::string(input));
  if (!target) return;
  const auto first = first_of(target->second);
  const auto opened = gateway.open(target->second);
  if (!opened) {
    expect(opened.error().status == net::http::status::bad_request, "a refusal is the client's fault");
    return expect(Json::parse(opened.error().body).at("fields").at(0).at("path") == "after", "a refusal says why");
  }
  expect(first.has_value(), "a cursor that is none is refused");
  expect(gateway.next(**opened).at("last") == kLast, "hello tells the last number");
  for (auto number = *first; number <= kLast; ++number) {
    expect(gateway.next(**opened).at("number") == number, "events are told in order, from the cursor on");
  }
  (*opened)->stop();
  expect(gateway.next(**opened).is_null(), "nothing follows the last");
}

}  // namespace neolia::fuzz

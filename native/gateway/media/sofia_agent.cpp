// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/sofia_agent.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <chrono>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/log.hpp"
#include "gateway/media/sdp.hpp"
#include "model/id.hpp"

#define NUA_MAGIC_T void
#define NUA_HMAGIC_T void
#define SU_WAKEUP_ARG_T void
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/nua.h>
#include <sofia-sip/nua_tag.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/su_log.h>

namespace neolia::gateway::media {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kMethods = "INVITE, ACK, BYE, CANCEL, OPTIONS";
const sip_supported_t* const kNoHeader = nullptr;
constexpr const char* kSdp = "application/sdp";
constexpr std::size_t kMaxText = 256;
constexpr unsigned kLongestCall = 3'600'000;  ///< milliseconds
constexpr std::chrono::seconds kStopPatience{2};
constexpr su_duration_t kStep = 1000;

void drop_log(void*, const char*, va_list) {}

std::string text_of(const char* text) {
  return text == nullptr ? std::string() : std::string(text).substr(0, kMaxText);
}

std::string payload_of(const sip_t& sip) {
  const auto* payload = sip.sip_payload;
  return payload == nullptr ? std::string() : std::string(payload->pl_data, payload->pl_len);
}

std::string header_of(const sip_t& sip, std::string_view name) {
  for (const sip_unknown_t* header = sip.sip_unknown; header != nullptr; header = header->un_next) {
    if (name == header->un_name) return text_of(header->un_value);
  }
  return "";
}

bool is_from_loopback(nua_t* nua) {
  const su_sockaddr_t* from = msg_addr(nua_current_request(nua));
  if (from->su_family == AF_INET) return (ntohl(from->su_sin.sin_addr.s_addr) >> 24U) == IN_LOOPBACKNET;
  return from->su_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&from->su_sin6.sin6_addr);
}

}  // namespace

/// All of sofia-sip, on one thread.
class SofiaAgent::Loop {
 public:
  explicit Loop(Options options) : options_(std::move(options)) {}
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop() { stop(); }

  Outcome<void> start(AgentEvents events);
  void stop();
  void post(std::function<void()> command);

  CallNumber next_number() { return ++last_; }
  void answer(CallNumber number, const std::string& sdp);
  void refuse(CallNumber number, int code);
  void hang_up(CallNumber number);
  void place(CallNumber number, const std::string& call_id, const Placement& placement);

 private:
  enum class State { incoming, outgoing, established, ending };
  struct Call {
    nua_handle_t* handle = nullptr;
    State state = State::incoming;
    std::string sdp;          ///< ours
    std::string credentials;  ///< until they have been used
  };

  void run(std::promise<Outcome<void>> started);
  bool open();
  bool open_sink();
  std::string make_offer() const;
  void close();
  void step_until(Clock::time_point deadline, const std::function<bool()>& done);
  void run_commands();

  static void on_event(nua_event_t event, int status, const char* phrase, nua_t* nua, void* magic, nua_handle_t* handle,
                       void* handle_magic, const sip_t* sip, tagi_t tags[]);
  static int on_wake(void* root, su_wait_t* wait, void* magic);
  void take_event(nua_event_t event, int status, nua_handle_t* handle, CallNumber number, const sip_t* sip,
                  tagi_t tags[]);
  void take_invite(nua_handle_t* handle, CallNumber number, const sip_t& sip);
  void take_challenge(CallNumber number, int status);
  void take_state(CallNumber number, tagi_t tags[]);
  void end(CallNumber number);
  void send_answer(const Call& call);
  Call* find(CallNumber number);

  const Options options_;
  AgentEvents events_;
  std::atomic<CallNumber> last_ = 0;
  su_root_t* root_ = nullptr;
  nua_t* nua_ = nullptr;
  std::map<CallNumber, Call> calls_;
  asio::io_context nothing_;
  asio::ip::udp::socket sink_{nothing_};  ///< what comes to calls of ours; nobody reads it
  bool is_shut_down_ = false;
  int wake_ = -1;  ///< an eventfd
  std::mutex mutex_;
  std::vector<std::function<void()>> commands_;  ///< guarded by mutex_
  bool stop_ = false;                            ///< guarded by mutex_
  std::thread thread_;
};

Outcome<void> SofiaAgent::Loop::start(AgentEvents events) {
  events_ = std::move(events);
  wake_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (wake_ < 0) return failure("no eventfd for the agent");
  std::promise<Outcome<void>> started;
  auto result = started.get_future();
  thread_ = std::thread([this, started = std::move(started)]() mutable { run(std::move(started)); });
  return result.get();
}

void SofiaAgent::Loop::stop() {
  if (!thread_.joinable()) return;
  post([this] {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  });
  thread_.join();
  ::close(std::exchange(wake_, -1));
}

void SofiaAgent::Loop::post(std::function<void()> command) {
  {
    const std::scoped_lock lock(mutex_);
    commands_.push_back(std::move(command));
  }
  const std::uint64_t one = 1;
  static_cast<void>(::write(wake_, &one, sizeof one));
}

void SofiaAgent::Loop::run(std::promise<Outcome<void>> started) {
  su_init();
  su_log_redirect(nullptr, drop_log, nullptr);
  root_ = su_root_create(nullptr);
  const bool is_open = root_ != nullptr && open();
  started.set_value(is_open ? Outcome<void>() : failure("cannot listen on agent_address " + options_.address));
  if (is_open) {
    step_until(Clock::time_point::max(), [this] {
      const std::scoped_lock lock(mutex_);
      return stop_;
    });
    close();
  }
  if (root_ != nullptr) su_root_destroy(root_);
  su_deinit();
}

bool SofiaAgent::Loop::open_sink() {
  const bool is_ip6 = options_.address.starts_with('[');
  const asio::ip::udp::endpoint any(
      is_ip6 ? asio::ip::address(asio::ip::address_v6::loopback()) : asio::ip::address_v4::loopback(), 0);
  boost::system::error_code error;
  sink_.open(any.protocol(), error);
  if (!error) sink_.bind(any, error);
  return !error;
}

std::string SofiaAgent::Loop::make_offer() const {
  const auto local = sink_.local_endpoint();
  return make_test_offer(local.address().to_string(), local.address().is_v6(), local.port());
}

bool SofiaAgent::Loop::open() {
  if (!open_sink()) return false;
  su_root_threading(root_, 0);
  su_wait_t wait{};
  su_wait_create(&wait, wake_, SU_WAIT_IN);
  if (su_root_register(
          root_, &wait, [](su_root_magic_t*, su_wait_t*, void* loop) { return on_wake(nullptr, nullptr, loop); }, this,
          0) < 0) {
    return false;
  }
  const std::string url = "sip:" + options_.address + ";transport=udp";
  nua_ = nua_create(root_, on_event, this, NUTAG_URL(url.c_str()), NUTAG_MEDIA_ENABLE(0), NUTAG_AUTOALERT(0),
                    NUTAG_AUTOANSWER(0), NUTAG_AUTOACK(1), NUTAG_SESSION_TIMER(0), NUTAG_INVITE_TIMER(0),
                    SIPTAG_ALLOW_STR(kMethods), SIPTAG_SUPPORTED(kNoHeader),
                    NUTAG_OUTBOUND("no-options-keepalive no-validate"), NUTAG_USER_AGENT("neolia-gateway"),
                    NTATAG_TIMER_C(kLongestCall), TAG_END());
  return nua_ != nullptr;
}

void SofiaAgent::Loop::close() {
  std::vector<CallNumber> numbers;
  for (const auto& [number, call] : calls_) numbers.push_back(number);
  for (const auto number : numbers) hang_up(number);
  const auto deadline = Clock::now() + kStopPatience;
  step_until(deadline, [this] { return calls_.empty(); });
  nua_shutdown(nua_);
  step_until(deadline + kStopPatience, [this] { return is_shut_down_; });
  if (is_shut_down_) nua_destroy(nua_);  // else it would abort; the process ends anyway
}

void SofiaAgent::Loop::step_until(Clock::time_point deadline, const std::function<bool()>& done) {
  while (!done() && Clock::now() < deadline) su_root_step(root_, kStep);
}

int SofiaAgent::Loop::on_wake(void*, su_wait_t*, void* magic) {
  static_cast<Loop*>(magic)->run_commands();
  return 0;
}

void SofiaAgent::Loop::run_commands() {
  std::uint64_t count = 0;
  static_cast<void>(::read(wake_, &count, sizeof count));
  std::vector<std::function<void()>> commands;
  {
    const std::scoped_lock lock(mutex_);
    commands.swap(commands_);
  }
  for (const auto& command : commands) command();
}

void SofiaAgent::Loop::on_event(nua_event_t event, int status, const char*, nua_t*, void* magic, nua_handle_t* handle,
                                void* handle_magic, const sip_t* sip, tagi_t tags[]) {
  static_cast<Loop*>(magic)->take_event(event, status, handle, reinterpret_cast<CallNumber>(handle_magic), sip, tags);
}

void SofiaAgent::Loop::take_event(nua_event_t event, int status, nua_handle_t* handle, CallNumber number,
                                  const sip_t* sip, tagi_t tags[]) {
  switch (event) {
    case nua_i_invite:
      if (sip != nullptr) take_invite(handle, number, *sip);
      break;
    case nua_r_invite:
      take_challenge(number, status);
      break;
    case nua_i_state:
      take_state(number, tags);
      break;
    case nua_r_shutdown:
      is_shut_down_ = status >= 200;
      break;
    default:
      // A request outside of calls left a handle behind.
      if (number == 0 && handle != nullptr && event != nua_i_terminated) nua_handle_destroy(handle);
  }
}

void SofiaAgent::Loop::take_invite(nua_handle_t* handle, CallNumber number, const sip_t& sip) {
  if (const auto* call = find(number)) return send_answer(*call);  // a re-INVITE: nothing changes on our side
  const bool is_stranger = !is_from_loopback(nua_);
  if (is_stranger || calls_.size() >= options_.max_calls) {
    nua_respond(handle, is_stranger ? 403 : 486, is_stranger ? sip_403_Forbidden : sip_486_Busy_here, TAG_END());
    nua_handle_destroy(handle);
    return;
  }
  number = next_number();
  calls_[number] = {handle, State::incoming, "", ""};
  nua_handle_bind(handle, reinterpret_cast<void*>(number));
  const auto* url = sip.sip_request->rq_url;
  events_.on_invite({number,
                     text_of(url->url_user),
                     payload_of(sip),
                     header_of(sip, "X-Neolia-Call"),
                     {text_of(sip.sip_call_id->i_id), text_of(sip.sip_from->a_tag)}});
}

void SofiaAgent::Loop::take_challenge(CallNumber number, int status) {
  auto* call = find(number);
  if (call == nullptr || (status != 401 && status != 407)) return;
  const std::string credentials = std::exchange(call->credentials, "");
  if (credentials.empty()) return hang_up(number);
  nua_authenticate(call->handle, NUTAG_AUTH(credentials.c_str()), TAG_END());
}

void SofiaAgent::Loop::take_state(CallNumber number, tagi_t tags[]) {
  int state = nua_callstate_init;
  tl_gets(tags, NUTAG_CALLSTATE_REF(state), TAG_END());
  auto* call = find(number);
  if (call == nullptr) return;
  if (state == nua_callstate_terminated) return end(number);
  if (state != nua_callstate_ready || call->state == State::established || call->state == State::ending) return;
  call->state = State::established;
  events_.on_established(number);
}

void SofiaAgent::Loop::end(CallNumber number) {
  auto* handle = calls_.at(number).handle;
  calls_.erase(number);
  nua_handle_bind(handle, nullptr);
  nua_handle_destroy(handle);
  events_.on_end(number);
}

SofiaAgent::Loop::Call* SofiaAgent::Loop::find(CallNumber number) {
  const auto call = calls_.find(number);
  return call == calls_.end() ? nullptr : &call->second;
}

void SofiaAgent::Loop::send_answer(const Call& call) {
  nua_respond(call.handle, SIP_200_OK, SIPTAG_CONTENT_TYPE_STR(kSdp), SIPTAG_PAYLOAD_STR(call.sdp.c_str()), TAG_END());
}

void SofiaAgent::Loop::answer(CallNumber number, const std::string& sdp) {
  auto* call = find(number);
  if (call == nullptr || call->state != State::incoming) return;
  call->sdp = sdp;
  send_answer(*call);
}

void SofiaAgent::Loop::refuse(CallNumber number, int code) {
  auto* call = find(number);
  if (call == nullptr || call->state != State::incoming) return;
  call->state = State::ending;
  nua_respond(call->handle, code, sip_status_phrase(code), TAG_END());
}

void SofiaAgent::Loop::hang_up(CallNumber number) {
  auto* call = find(number);
  if (call == nullptr) return;
  const auto state = std::exchange(call->state, State::ending);
  if (state == State::incoming) nua_respond(call->handle, SIP_480_TEMPORARILY_UNAVAILABLE, TAG_END());
  if (state == State::outgoing) nua_cancel(call->handle, TAG_END());
  if (state == State::established) nua_bye(call->handle, TAG_END());
}

void SofiaAgent::Loop::place(CallNumber number, const std::string& call_id, const Placement& placement) {
  auto* handle = nua_handle(nua_, reinterpret_cast<void*>(number), TAG_END());
  if (handle == nullptr) return events_.on_end(number);
  auto& call = calls_[number] = {handle, State::outgoing, make_offer(),
                                 "Digest:\"" + placement.realm + "\":" + placement.login + ":" + placement.password};
  const std::string from = "<sip:" + placement.username + "@" + placement.realm + ">";
  const std::string to = "<sip:" + placement.dialled + "@" + options_.next_hop + ">";
  nua_invite(handle, SIPTAG_FROM_STR(from.c_str()), SIPTAG_TO_STR(to.c_str()), SIPTAG_CALL_ID_STR(call_id.c_str()),
             SIPTAG_CONTENT_TYPE_STR(kSdp), SIPTAG_PAYLOAD_STR(call.sdp.c_str()), TAG_END());
}

SofiaAgent::SofiaAgent(Options options) : loop_(std::make_unique<Loop>(std::move(options))) {}
SofiaAgent::~SofiaAgent() = default;

Outcome<void> SofiaAgent::start(AgentEvents events) { return loop_->start(std::move(events)); }
void SofiaAgent::stop() { loop_->stop(); }

void SofiaAgent::answer(CallNumber call, std::string sdp) {
  loop_->post([loop = loop_.get(), call, sdp = std::move(sdp)] { loop->answer(call, sdp); });
}

void SofiaAgent::refuse(CallNumber call, int code) {
  loop_->post([loop = loop_.get(), call, code] { loop->refuse(call, code); });
}

void SofiaAgent::hang_up(CallNumber call) {
  loop_->post([loop = loop_.get(), call] { loop->hang_up(call); });
}

Agent::Placed SofiaAgent::place(Placement placement) {
  const Placed placed{loop_->next_number(), model::make_id() + "@neolia-gateway"};
  loop_->post([loop = loop_.get(), placed, placement = std::move(placement)] {
    loop->place(placed.call, placed.call_id, placement);
  });
  return placed;
}

}  // namespace neolia::gateway::media

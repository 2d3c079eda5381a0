// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/kamailio/event.hpp"

namespace neolia::gateway::kamailio {

/// A call that has not ended.
struct Call {
  model::Json incoming;  ///< the event that began it: caller, called, steps, sip_call_id, session_id, test
  bool answered = false;
  std::string by;                    ///< username that answered
  std::string device;                ///< its ruid
  std::int64_t step = 0;             ///< index of the step that it is at
  std::optional<std::int64_t> cseq;  ///< by which Kamailio finds it until it is answered
  std::string dialog;                ///< by which Kamailio finds it from then on
  std::set<std::string> barred;      ///< usernames that may not answer any more; forgotten at a restart
  std::string ending;                ///< why Kamailio was told to end it; forgotten at a restart

  [[nodiscard]] std::string call_id() const { return incoming["call_id"]; }
  [[nodiscard]] std::string sip_call_id() const;
  [[nodiscard]] std::string session_id() const;  ///< that the caller signed in with; empty without
  [[nodiscard]] bool is_test() const;
  /// Whose call it is: made, called or answered by this account, or ringing at it alone.
  [[nodiscard]] bool is_of(const model::Id& account_id, const std::string& username) const;
};

[[nodiscard]] model::Json to_json(const Call& call);
/// Empty when the text is not one of to_json().
[[nodiscard]] std::optional<Call> read_call(const std::string& text);

/// The calls that have not ended, as the events on disk tell. Any thread.
class Calls {
 public:
  static constexpr std::size_t kMax = 10000;  ///< the oldest is left out when there are more

  /// `stored` as EventLog::read_calls() gives it.
  explicit Calls(const std::vector<std::string>& stored = {});

  /// Follows an event that is about to be stored, for one thread. What of the call is to be stored with it: JSON, or
  /// nothing once it has ended. Shown by commit(); rollback() forgets what is not.
  std::string note(const CallEvent& event);
  void commit();
  void rollback() { changed_.clear(); }

  /// Oldest first.
  [[nodiscard]] std::vector<Call> list() const;
  [[nodiscard]] std::optional<Call> find(const std::string& call_id) const;

  /// Kamailio is told to end it.
  void set_ending(const std::string& call_id, std::string_view reason);

  /// The credentials of this account are others now: the calls that must end at once. Of those that ring at it among
  /// others it becomes barred.
  [[nodiscard]] std::vector<std::string> revoke(const std::string& username);
  /// Calls that somebody answered who may not any more.
  [[nodiscard]] std::vector<std::string> answered_by_barred() const;

  /// Returns when the call has ended, true, or after `patience`.
  [[nodiscard]] bool wait_ended(const std::string& call_id, std::chrono::milliseconds patience) const;

 private:
  using Order = std::pair<std::string, std::string>;  ///< at, call_id

  void begin(Call call);
  void end(const std::string& call_id);
  /// As it is with the changes; null when there is none.
  [[nodiscard]] Call* find_changed(const std::string& call_id);

  mutable std::mutex mutex_;
  mutable std::condition_variable ended_;
  std::map<std::string, Call> calls_;
  std::set<Order> order_;
  std::map<std::string, std::optional<Call>> changed_;  ///< of the noting thread: empty has ended
};

}  // namespace neolia::gateway::kamailio

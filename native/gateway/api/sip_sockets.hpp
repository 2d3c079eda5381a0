// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <set>
#include <string>

namespace neolia::gateway::api {

struct SipLimits {
  std::chrono::milliseconds send;  ///< for either side to take a frame
  std::chrono::milliseconds idle;
};

/// The open WebSockets of GET /v1/sip; I/O thread only.
class SipSockets {
 public:
  explicit SipSockets(std::size_t max) : max_(max) {}

  /// One that is open; leaves the list with its life.
  class Member {
   public:
    /// `session` is its username, empty when the socket was opened by the token.
    Member(SipSockets& sockets, std::string session) : sockets_(sockets), session_(std::move(session)) {
      sockets_.members_.insert(this);
    }
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;
    virtual ~Member() { sockets_.members_.erase(this); }

    virtual void session_ended() = 0;
    [[nodiscard]] const std::string& session() const { return session_; }

   private:
    SipSockets& sockets_;
    std::string session_;
  };

  [[nodiscard]] bool is_full() const { return members_.size() >= max_; }

  /// Closes those of sessions that do not live any more.
  void keep(const std::set<std::string>& living) {
    const auto present = members_;
    for (Member* member : present) {
      const bool ended = !member->session().empty() && !living.contains(member->session());
      if (ended && members_.contains(member)) member->session_ended();
    }
  }

 private:
  const std::size_t max_;
  std::set<Member*> members_;
};

}  // namespace neolia::gateway::api

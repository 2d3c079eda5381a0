// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "gateway/kamailio/calls.hpp"
#include "gateway/kamailio/live_tables.hpp"
#include "gateway/kamailio/status_board.hpp"
#include "gateway/state/accepted.hpp"
#include "gateway/state/location_file.hpp"
#include "gateway/state/snapshot_files.hpp"

namespace neolia::gateway::kamailio {

/// Keeps Kamailio at what is stored, through its absences and restarts, and shows the status. One thread.
class Live {
 public:
  struct Parts {
    const state::Accepted& accepted;
    state::SnapshotFiles& files;
    const state::LocationFile& locations;
    Rpc& rpc;
    StatusBoard& board;
    Calls& calls;
    /// Kamailio's tables are filled; `restarted` when it had lost what only its memory held.
    std::function<void(bool restarted)> on_refill;
    /// Each second while Kamailio cannot write events.sqlite.
    std::function<void()> on_events_wait;
    /// A Kamailio that runs already must be restarted.
    bool location_is_made_again = false;
  };
  explicit Live(Parts parts);

  /// sip.sqlite has changed by `change` and holds `sys` now: brings it to Kamailio, drops contacts and ends calls of
  /// accounts that lost their credentials, if Kamailio is there.
  void follow(const rules::TablesChange& change, const state::Entries& sys);

  /// sip.sqlite could not be written.
  void fall_behind(const std::string& problem);

  /// Once a second: fills Kamailio's tables where they are not ours, retries, reads figures for the status.
  void tick();

  [[nodiscard]] bool is_live() const { return status_.live; }

 private:
  void watch();
  void refill(bool restarted);
  void note(const RpcResult<void>& result);
  void drop_contacts();
  RpcResult<void> revoke(const std::string& username);
  void end_calls_of_barred();
  void drop_strangers();
  void read_figures();
  void look_for_waiting_events();
  [[nodiscard]] std::string problem() const;
  void show();

  Parts parts_;
  LiveTables tables_;
  Status status_;
  state::Entries sys_;    ///< as stored; empty while sip.sqlite is behind
  bool in_step_ = false;  ///< Kamailio holds what sip.sqlite holds
  LiveTables::EventsWait events_wait_{};
  bool saves_elsewhere_;  ///< Kamailio keeps registrations in a location.sqlite that was set aside
};

}  // namespace neolia::gateway::kamailio

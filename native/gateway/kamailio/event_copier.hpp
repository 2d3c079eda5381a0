// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "gateway/kamailio/calls.hpp"
#include "gateway/kamailio/file_watch.hpp"
#include "gateway/kamailio/rpc.hpp"
#include "gateway/state/accepted.hpp"
#include "gateway/state/data_folder.hpp"
#include "gateway/state/event_log.hpp"
#include "gateway/state/outbox.hpp"

namespace neolia::gateway::kamailio {

/// Carries events from Kamailio's outbox to the event log: copy, commit, publish, only then acknowledge. The calls
/// follow when it is committed; the presence is a moment ahead of the disk.
class EventCopier {
 public:
  struct Parts {
    state::Outbox& outbox;
    state::EventLog& log;
    const state::Accepted& accepted;
    state::Presence& presence;
    Calls& calls;
    const state::DataFolder& folder;
    Rpc& rpc;
    FileWatch& watch;
    std::function<void(std::vector<state::LoggedEvent>)> publish;
  };
  explicit EventCopier(Parts parts) : parts_(std::move(parts)) {}

  /// The loop of its thread; ends after `stop` is requested and the watch is woken.
  void run(const std::stop_token& stop);

  /// Copies what is there; false when there was nothing.
  bool copy();

  /// Kamailio has forgotten how far it may trim. Any thread.
  void acknowledge_again();

  /// Kamailio cannot write the outbox: makes it again when it is missing or damaged. Any thread; blocks for the disk.
  void repair();

  /// Puts an event of the gateway's own (a whole one, see blank_event()) behind those that are in the outbox now, and
  /// publishes it. On disk when it returns. Any thread; blocks for the disk.
  [[nodiscard]] model::Result<void> append_own(const model::Json& event);

  /// Kamailio does not have this call any more: its last event, as Kamailio was told to end it, or else `ended` with
  /// `media_lost`; nothing when its last event is in the outbox. Otherwise as append_own().
  [[nodiscard]] model::Result<void> append_lost(const std::string& call_id);

 private:
  struct Copy {
    std::vector<std::string> events;
    state::Following following;
  };

  bool copy_batch();
  model::Result<std::vector<state::LoggedEvent>> store(Copy copy, state::OutboxCursor cursor);
  Copy read_rows(const std::vector<state::OutboxRow>& rows);
  void add(Copy& copy, const CallEvent& event);
  void add(Copy& copy, const state::Sighting& sighting);
  model::Result<void> append_now(const model::Json& event);
  void acknowledge();
  void note_failure(const model::Error& error);

  Parts parts_;
  std::mutex mutex_;  ///< of outbox, log, and all below but acknowledge_
  std::atomic<bool> acknowledge_{true};
  std::optional<state::OutboxCursor> committed_;  ///< of the outbox that is there now
  std::string failure_;
};

}  // namespace neolia::gateway::kamailio

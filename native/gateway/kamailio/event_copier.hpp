// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "gateway/kamailio/file_watch.hpp"
#include "gateway/kamailio/rpc.hpp"
#include "gateway/state/accepted.hpp"
#include "gateway/state/data_folder.hpp"
#include "gateway/state/event_log.hpp"
#include "gateway/state/outbox.hpp"

namespace neolia::gateway::kamailio {

/// Carries events from Kamailio's outbox to the event log: copy, commit, publish, only then acknowledge.
class EventCopier {
 public:
  struct Parts {
    state::Outbox& outbox;
    state::EventLog& log;
    const state::Accepted& accepted;
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

 private:
  std::vector<std::string> read_rows(const std::vector<state::OutboxRow>& rows) const;
  void acknowledge();
  void note_failure(const model::Error& error);

  Parts parts_;
  std::atomic<bool> acknowledge_{true};
  std::optional<state::OutboxCursor> committed_;  ///< of the outbox that is there now
  std::string failure_;
};

}  // namespace neolia::gateway::kamailio

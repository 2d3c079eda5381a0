// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/kamailio/live.hpp"
#include "gateway/state/accepted.hpp"
#include "gateway/state/snapshot_files.hpp"

namespace neolia::gateway::kamailio {

struct Applied {
  snapshot::Revision revision = 0;
  bool live = false;
};

struct Refusal {
  enum class Reason { invalid, foreign_directory, unknown_base, storage };
  Reason reason{};
  model::Error error;
};

using ApplyResult = tl::expected<Applied, Refusal>;

/// Takes snapshots and makes them live: check, compile, store, write to Kamailio, read back. Whatever fails, the last
/// good one stays. All calls come from one thread and block it.
class Applier {
 public:
  struct Parts {
    state::Accepted& accepted;
    state::SnapshotFiles& files;
    Live& live;
    std::function<rules::Time()> clock;
    std::size_t max_bytes = 0;
  };
  explicit Applier(Parts parts);

  /// Brings back the stored snapshot; Live makes it live.
  [[nodiscard]] model::Result<void> restore();

  [[nodiscard]] ApplyResult put(const std::string& text, bool adopt);
  [[nodiscard]] ApplyResult patch(const std::string& text);

  /// Once a second: follows schedules and repairs what could not be written.
  void tick();

 private:
  using Form = state::Acceptance::Form;
  using Identity = state::Identity;

  struct Whole {
    state::Picture picture;
    rules::TablesChange tables;
  };

  model::Result<void> restore_texts(const std::vector<std::string>& texts);
  Whole compile_whole(snapshot::Snapshot snapshot);
  ApplyResult put_new(snapshot::Snapshot snapshot, std::string_view text);
  [[nodiscard]] model::Result<void> misfits_in(std::string_view text, const rules::Facts& facts) const;
  ApplyResult put_again(snapshot::Snapshot snapshot, std::string_view text);
  std::optional<Refusal> refuse_changes(const snapshot::Changes& changes) const;
  ApplyResult accept(const Identity& next, const model::Change& change, Form form, std::string_view text);

  model::Result<void> store(const state::Picture& picture, const rules::TablesChange& change, Form form,
                            std::string_view text, const state::Confirm& confirm = {});
  Applied publish(const rules::TablesChange& change);
  void follow_schedules();
  /// The time to compile for; remembered.
  rules::Time now();
  void repair_files();
  void fall_behind(const std::string& problem);

  Parts parts_;
  state::Entries sys_;        ///< as stored
  std::string last_changes_;  ///< the newest changes as they came, to know a repeated push
  std::size_t changes_since_whole_ = 0;
  rules::Time compiled_at_{};
  bool files_stale_ = false;  ///< sip.sqlite is behind the accepted snapshot
};

}  // namespace neolia::gateway::kamailio

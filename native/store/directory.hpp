// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.hpp"
#include "model/json.hpp"
#include "model/objects.hpp"
#include "rules/facts.hpp"
#include "store/events.hpp"
#include "store/history.hpp"
#include "store/moment.hpp"
#include "store/operation.hpp"

namespace neolia::store {

/// At most so many entries of the audit, or calls, in one answer.
inline constexpr std::size_t kMaxListed = 1000;

struct OperationResult {
  model::Id id;
  model::Json object;                   ///< as it is after the whole change; null when it is gone
  std::optional<std::string> password;  ///< of a created account: shown here and never again
};

struct Applied {
  Revision revision = 0;
  std::vector<OperationResult> results;
};

/// The directory: one SQLite file, its objects in memory. Every change is validated as a whole, committed durably,
/// numbered and audited, or leaves nothing behind. For one thread at a time; every call may wait for the disk.
class Directory {
 public:
  /// A new file; `conflict` when something is there already.
  [[nodiscard]] static model::Result<std::unique_ptr<Directory>> create(const std::filesystem::path& path,
                                                                        const std::string& name,
                                                                        const std::string& realm);
  /// Opens and migrates. `not_found`; `conflict` while somebody else has it open; `too_new` and `corrupt` leave the
  /// file as it is; `read_only`.
  [[nodiscard]] static model::Result<std::unique_ptr<Directory>> open(const std::filesystem::path& path);

  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  [[nodiscard]] const model::DirectoryInfo& info() const;
  [[nodiscard]] Revision revision() const;
  [[nodiscard]] const rules::Facts& facts() const;

  /// `actor` says who asks, in 1 to 100 characters. A change that changes nothing makes no revision.
  [[nodiscard]] model::Result<Applied> apply(const std::vector<Operation>& operations, const std::string& actor);

  /// Empty when the log does not reach back to `base`, or `base` lies ahead.
  [[nodiscard]] model::Result<std::optional<ChangeSet>> changes_since(Revision base);

  /// JSON lists as of docs/architecture.md §6; `limit` is at most kMaxListed.
  [[nodiscard]] model::Result<model::Json> list_audit(std::int64_t limit, std::optional<std::int64_t> before);
  [[nodiscard]] model::Result<model::Json> list_calls(std::int64_t limit, std::optional<std::int64_t> before,
                                                      const std::optional<std::string>& unit_id);
  [[nodiscard]] model::Result<model::Json> get_call(const std::string& call_id);

  /// When the newest change was made; empty before the first.
  [[nodiscard]] model::Result<std::optional<Moment>> changed_at();

  /// Stores events and cursor together; returns the numbers that were new.
  [[nodiscard]] model::Result<std::vector<std::int64_t>> record_events(const std::string& stream,
                                                                       const std::vector<NumberedEvent>& events);
  [[nodiscard]] model::Result<std::optional<EventCursor>> event_cursor();

 private:
  struct State;
  explicit Directory(std::unique_ptr<State> state);
  [[nodiscard]] model::Result<void> commit(const model::Change& change, const model::Change& inverse,
                                           const std::string& actor);

  std::unique_ptr<State> state_;
};

}  // namespace neolia::store

// SPDX-License-Identifier: Apache-2.0
#include "store/directory.hpp"

#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <chrono>
#include <utility>

#include "model/fields.hpp"
#include "model/text.hpp"
#include "store/draft.hpp"
#include "store/file.hpp"
#include "store/refusal.hpp"
#include "store/rows.hpp"
#include "store/storage_error.hpp"

namespace neolia::store {

using model::Error;
using model::ErrorCode;
using model::FieldCode;
using model::Json;
using model::Result;

struct Directory::State {
  std::unique_ptr<File> file;
  model::DirectoryInfo info;
  Revision revision = 0;
  rules::Facts facts;

  Connection& connection() { return file->connection; }
  void load();
  void commit(const model::Change& change, const model::Change& inverse, const std::string& actor);
};

namespace {

constexpr std::size_t kMaxActorLength = 100;

Error moved_error(const std::filesystem::path& path) {
  return {ErrorCode::storage,
          "The file '" + path.string() +
              "' was deleted, moved or replaced while it was open. Nothing was changed; put it " +
              "back or restore a backup, then open the directory again.",
          {}};
}

Result<void> check_actor(const std::string& actor) {
  const auto length = model::count_printable(actor);
  if (length && *length >= 1 && *length <= kMaxActorLength) return {};
  return tl::unexpected(
      refusal({{FieldCode::format, "actor", "Must be 1 to 100 characters without control characters."}}));
}

Result<std::size_t> read_limit(std::int64_t limit) {
  if (limit >= 1 && limit <= static_cast<std::int64_t>(kMaxListed)) return static_cast<std::size_t>(limit);
  return tl::unexpected(refusal({{FieldCode::range, "limit", "Must be 1 to 1000."}}));
}

bool is_empty(const model::Change& change) { return change == model::Change{}; }

Json object_json(const rules::Facts& facts, const std::string& noun_name, const model::Id& id) {
  Json json;
  model::for_each_noun([&](auto noun) {
    if (noun_name != noun.name) return;
    if (const auto* object = facts.find<typename decltype(noun)::Object>(id)) json = model::to_json(*object);
  });
  return json;
}

}  // namespace

void Directory::State::load() {
  Query row = connection().query("SELECT id, name, realm, revision FROM directory");
  if (!row.step()) throw SQLite::Exception("it holds no directory", SQLITE_CORRUPT);
  info = {row.column(0).getString(), row.column(1).getString(), row.column(2).getString()};
  revision = row.column(3).getInt64();
  facts.apply({read_objects(connection()), {}});
}

void Directory::State::commit(const model::Change& change, const model::Change& inverse, const std::string& actor) {
  SQLite::Transaction transaction(connection().database());
  const Author author{revision + 1, std::chrono::system_clock::now(), actor};
  write_change(connection(), change);
  write_history(connection(), author, change, inverse);
  connection().run("UPDATE directory SET revision = ?", author.revision);
  transaction.commit();
  revision = author.revision;
}

Directory::Directory(std::unique_ptr<State> state) : state_(std::move(state)) {}
Directory::~Directory() = default;

Result<std::unique_ptr<Directory>> Directory::create(const std::filesystem::path& path, const std::string& name,
                                                     const std::string& realm) {
  model::DirectoryInfo info;
  std::vector<model::FieldError> errors;
  model::read_fields({{"name", name}, {"realm", realm}}, info, "", errors);
  if (!errors.empty()) return tl::unexpected(refusal(std::move(errors)));
  info.id = model::make_id();
  if (auto created = create_file(path, info); !created) return tl::unexpected(std::move(created).error());
  return open(path);
}

Result<std::unique_ptr<Directory>> Directory::open(const std::filesystem::path& path) {
  auto file = open_file(path);
  if (!file) return tl::unexpected(std::move(file).error());
  auto state = std::make_unique<State>();
  state->file = *std::move(file);
  auto loaded = guarded(state->connection(), [&]() -> Result<void> {
    state->load();
    return {};
  });
  if (!loaded) return tl::unexpected(std::move(loaded).error());
  state->connection().keep_wal_on_close(false);
  return std::unique_ptr<Directory>(new Directory(std::move(state)));
}

const model::DirectoryInfo& Directory::info() const { return state_->info; }
Revision Directory::revision() const { return state_->revision; }
const rules::Facts& Directory::facts() const { return state_->facts; }

Result<Applied> Directory::apply(const std::vector<Operation>& operations, const std::string& actor) {
  if (auto fine = check_actor(actor); !fine) return tl::unexpected(std::move(fine).error());
  Draft draft(state_->facts, state_->info);
  std::vector<Draft::Outcome> outcomes;
  outcomes.reserve(operations.size());
  for (const Operation& operation : operations) outcomes.push_back(draft.apply(operation));
  const auto change = draft.finish();
  if (!change) return tl::unexpected(change.error());
  if (auto committed = commit(*change, draft.inverse(), actor); !committed) return tl::unexpected(committed.error());
  draft.keep();
  Applied applied{state_->revision, {}};
  for (std::size_t i = 0; i < operations.size(); ++i) {
    Json object = object_json(state_->facts, operations[i].noun, outcomes[i].id);
    applied.results.push_back({outcomes[i].id, std::move(object), std::move(outcomes[i].password)});
  }
  return applied;
}

Result<void> Directory::commit(const model::Change& change, const model::Change& inverse, const std::string& actor) {
  if (is_empty(change)) return {};
  if (state_->connection().has_moved()) return tl::unexpected(moved_error(state_->connection().path()));
  return guarded(state_->connection(), [&]() -> Result<void> {
    state_->commit(change, inverse, actor);
    return {};
  });
}

Result<std::optional<ChangeSet>> Directory::changes_since(Revision base) {
  using Answer = std::optional<ChangeSet>;
  const Revision present = state_->revision;
  if (base < 0 || base > present || base < present - kKeptRevisions) return Answer();
  return guarded(state_->connection(),
                 [&]() -> Result<Answer> { return Answer(read_changes(state_->connection(), base, present)); });
}

Result<Json> Directory::list_audit(std::int64_t limit, std::optional<std::int64_t> before) {
  return read_limit(limit).and_then([&](std::size_t rows) {
    return guarded(state_->connection(),
                   [&]() -> Result<Json> { return read_audit(state_->connection(), rows, before); });
  });
}

Result<Json> Directory::list_calls(std::int64_t limit, std::optional<std::int64_t> before,
                                   const std::optional<std::string>& unit_id) {
  return read_limit(limit).and_then([&](std::size_t rows) {
    return guarded(state_->connection(),
                   [&]() -> Result<Json> { return read_calls(state_->connection(), rows, before, unit_id); });
  });
}

Result<Json> Directory::get_call(const std::string& call_id) {
  return guarded(state_->connection(), [&] { return read_call(state_->connection(), call_id); });
}

Result<std::optional<Moment>> Directory::changed_at() {
  return guarded(state_->connection(),
                 [&]() -> Result<std::optional<Moment>> { return read_changed_at(state_->connection()); });
}

Result<std::vector<std::int64_t>> Directory::record_events(const std::string& stream,
                                                           const std::vector<NumberedEvent>& events) {
  using Numbers = std::vector<std::int64_t>;
  if (auto fine = check_events(stream, events); !fine) return tl::unexpected(std::move(fine).error());
  if (events.empty()) return Numbers();
  Connection& connection = state_->connection();
  if (connection.has_moved()) return tl::unexpected(moved_error(connection.path()));
  return guarded(connection, [&]() -> Result<Numbers> {
    SQLite::Transaction transaction(connection.database());
    Numbers written = write_events(connection, stream, events);
    transaction.commit();
    return written;
  });
}

Result<std::optional<EventCursor>> Directory::event_cursor() {
  return guarded(state_->connection(),
                 [&]() -> Result<std::optional<EventCursor>> { return read_cursor(state_->connection()); });
}

}  // namespace neolia::store

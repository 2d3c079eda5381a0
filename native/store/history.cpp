// SPDX-License-Identifier: Apache-2.0
#include "store/history.hpp"

#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "store/connection.hpp"
#include "store/moment.hpp"
#include "store/operation.hpp"

namespace neolia::store {
namespace {

using model::Change;
using model::Json;

/// One object of a change; at least one of `before` and `after` is there.
template <typename Object>
struct Entry {
  const char* noun;
  const Object* before;
  const Object* after;

  [[nodiscard]] const model::Id& id() const { return after != nullptr ? after->id : before->id; }
  [[nodiscard]] std::string operation() const {
    if (before == nullptr) return "create";
    return after == nullptr ? "delete" : "update";
  }
};

template <typename Visit>
void for_each_entry(const Change& change, const Change& inverse, Visit&& visit) {
  model::for_each_noun([&](auto noun) {
    using Object = typename decltype(noun)::Object;
    std::unordered_map<std::string_view, const Object*> before;
    for (const Object& object : noun.objects(inverse.put)) before.emplace(object.id, &object);
    for (const Object& object : noun.objects(change.put)) {
      const auto found = before.find(object.id);
      visit(Entry<Object>{noun.name, found == before.end() ? nullptr : found->second, &object});
    }
    for (const model::Id& id : noun.ids(change.removed)) visit(Entry<Object>{noun.name, before.at(id), nullptr});
  });
}

template <typename Object>
Json before_json(const Entry<Object>& entry) {
  return entry.before == nullptr ? Json() : model::to_json(*entry.before);
}

template <typename Object>
Json after_json(const Entry<Object>& entry) {
  if (entry.after == nullptr) return {};
  Json json = model::to_json(*entry.after);
  if constexpr (std::is_same_v<Object, model::Account>) {
    const bool is_new = entry.before == nullptr;
    if (!is_new && entry.before->credentials != entry.after->credentials) json["password_changed"] = true;
  }
  return json;
}

void bind_json(Query& query, int index, const Json& json) {
  if (json.is_null()) {
    query.statement().bind(index);
  } else {
    query.statement().bind(index, json.dump());
  }
}

template <typename Object>
void write_audit(Connection& connection, const Author& author, const Entry<Object>& entry) {
  Query query = connection.query(
      "INSERT INTO audit (revision, at, actor, operation, noun, id, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      author.revision, to_microseconds(author.at), std::string(author.actor), entry.operation(), entry.noun,
      entry.id());
  bind_json(query, 7, before_json(entry));
  bind_json(query, 8, after_json(entry));
  query.step();
}

template <typename Object>
void write_change(Connection& connection, Revision revision, const Entry<Object>& entry) {
  connection.run("INSERT INTO changes (revision, noun, id, operation) VALUES (?, ?, ?, ?)", revision, entry.noun,
                 entry.id(), entry.operation());
}

/// What the log says of one object since a base.
struct Span {
  bool existed;  ///< at the base
  bool exists;   ///< now
};

using Spans = std::map<std::pair<std::string, model::Id>, Span>;

Spans read_spans(Connection& connection, Revision base) {
  Spans spans;
  Query query = connection.query("SELECT noun, id, operation FROM changes WHERE revision > ? ORDER BY revision", base);
  while (query.step()) {
    const std::string operation = query.column(2).getString();
    const Span span{operation != "create", operation != "delete"};
    const auto [found, is_new] =
        spans.emplace(std::pair(query.column(0).getString(), query.column(1).getString()), span);
    if (!is_new) found->second.exists = span.exists;
  }
  return spans;
}

Json audit_entry(const Query& query) {
  const auto parse = [&](int index) {
    const SQLite::Column value = query.column(index);
    return value.isNull() ? Json() : Json::parse(value.getText(), nullptr, false);
  };
  return {{"sequence", query.column(0).getInt64()},
          {"revision", query.column(1).getInt64()},
          {"at", to_text(from_microseconds(query.column(2).getInt64()))},
          {"actor", query.column(3).getString()},
          {"operation", query.column(4).getString()},
          {"noun", query.column(5).getString()},
          {"id", query.column(6).getString()},
          {"before", parse(7)},
          {"after", parse(8)}};
}

}  // namespace

void write_history(Connection& connection, const Author& author, const Change& change, const Change& inverse) {
  for_each_entry(change, inverse, [&](const auto& entry) {
    write_audit(connection, author, entry);
    write_change(connection, author.revision, entry);
  });
  connection.run("DELETE FROM changes WHERE revision <= ?", author.revision - kKeptRevisions);
}

ChangeSet read_changes(Connection& connection, Revision base, Revision revision) {
  ChangeSet set;
  set.revision = revision;
  for (const auto& [object, span] : read_spans(connection, base)) {
    if (!span.existed && !span.exists) continue;
    model::ObjectIds& ids = !span.existed ? set.added : span.exists ? set.updated : set.removed;
    model::for_each_noun([&](auto noun) {
      if (object.first == noun.name) noun.ids(ids).push_back(object.second);
    });
  }
  return set;
}

Json read_audit(Connection& connection, std::size_t limit, std::optional<std::int64_t> before) {
  Json entries = Json::array();
  Query query = connection.query(
      "SELECT sequence, revision, at, actor, operation, noun, id, before, after FROM audit WHERE sequence < ? "
      "ORDER BY sequence DESC LIMIT ?",
      before.value_or(INT64_MAX), static_cast<std::int64_t>(limit));
  while (query.step()) entries.push_back(audit_entry(query));
  return entries;
}

std::optional<Moment> read_changed_at(Connection& connection) {
  Query query = connection.query("SELECT at FROM audit ORDER BY sequence DESC LIMIT 1");
  if (!query.step()) return std::nullopt;
  return from_microseconds(query.column(0).getInt64());
}

}  // namespace neolia::store

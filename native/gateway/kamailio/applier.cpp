// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/applier.hpp"

#include <future>

#include "gateway/log.hpp"
#include "gateway/objects_change.hpp"
#include "gateway/tables_change.hpp"
#include "model/id.hpp"
#include "rules/consistency.hpp"

namespace neolia::gateway::kamailio {
namespace {

/// Later a whole snapshot is asked for, so that a start never has long to replay.
constexpr std::size_t kMaxChanges = 200;

using Reason = Refusal::Reason;

tl::unexpected<Refusal> refuse(Reason reason, model::Error error) {
  return tl::unexpected(Refusal{reason, std::move(error)});
}

Refusal foreign(const model::DirectoryInfo& present) {
  const std::string text = "this gateway serves the directory '" + present.name + "' (" + present.realm + ", " +
                           present.id + "); push with adopt=true to replace it";
  return {Reason::foreign_directory, {model::ErrorCode::conflict, text, {}}};
}

Reason reason_of(const model::Error& error) {
  return error.code == model::ErrorCode::invalid ? Reason::invalid : Reason::storage;
}

state::Entries make_sys(const state::Picture& picture, rules::Key last_key) {
  return {{"realm", picture.directory.realm},
          {"directory", picture.directory.id},
          {"revision", std::to_string(picture.revision)},
          {"last_key", std::to_string(last_key)},
          {"mark", model::make_id()}};
}

}  // namespace

Applier::Applier(Parts parts) : parts_(std::move(parts)) {}

model::Result<void> Applier::restore() {
  auto texts = parts_.files.read_snapshot();
  if (!texts) return tl::unexpected(texts.error());
  if (const auto restored = restore_texts(std::exchange(*texts, {})); !restored) {
    log::error("the stored snapshot is not usable; push it whole", {{"error", restored.error().message}});
  }
  files_stale_ = true;
  tick();
  return {};
}

model::Result<void> Applier::restore_texts(const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  auto whole = snapshot::read(texts.front(), parts_.max_bytes);
  if (!whole) return tl::unexpected(whole.error());
  auto picture = std::move(compile_whole(std::move(*whole)).picture);
  for (auto text = texts.begin() + 1; text != texts.end(); ++text) {
    auto changes = snapshot::read_changes(*text, parts_.max_bytes);
    if (!changes) return tl::unexpected(changes.error());
    parts_.accepted.write([&](auto&, auto& keys) { keys.assign(changes->change.put); });
    picture.compiler.apply(std::move(changes->change), now());
    picture.revision = changes->revision;
  }
  changes_since_whole_ = texts.size() - 1;
  if (texts.size() > 1) last_changes_ = texts.back();
  parts_.accepted.write([&](auto& present, auto&) { present.emplace(std::move(picture)); });
  return {};
}

Applier::Whole Applier::compile_whole(snapshot::Snapshot snapshot) {
  model::Change change{std::move(snapshot.objects), {}};
  parts_.accepted.write([&](auto&, auto& keys) { keys.assign(change.put); });
  const auto at = now();
  rules::Compiler compiler(snapshot.directory.realm, parts_.accepted.key_of(), at);
  auto tables = compiler.apply(std::move(change), at);
  return {{{std::move(snapshot.directory), snapshot.revision}, std::move(compiler)}, std::move(tables)};
}

ApplyResult Applier::put(const std::string& text, bool adopt) {
  auto snapshot = snapshot::read(text, parts_.max_bytes);
  if (!snapshot) return refuse(Reason::invalid, snapshot.error());
  const auto* present = parts_.accepted.picture();
  const bool same = present != nullptr && present->directory.id == snapshot->directory.id;
  if (present != nullptr && !same && !adopt) return tl::unexpected(foreign(present->directory));
  return same && present->directory.realm == snapshot->directory.realm ? put_again(std::move(*snapshot), text)
                                                                       : put_new(std::move(*snapshot), text);
}

ApplyResult Applier::put_new(snapshot::Snapshot snapshot, std::string_view text) {
  const auto before = parts_.files.read_tables();
  if (!before) return refuse(Reason::storage, before.error());
  auto [picture, tables] = compile_whole(std::move(snapshot));
  const auto& facts = picture.compiler.facts();
  if (!(*before == rules::Tables())) tables = difference(*before, picture.compiler.tables());
  // Checked beside the writing, which takes as long; nothing is committed before it fits.
  auto fits = std::async(std::launch::async, [&facts] { return rules::are_consistent(facts); });
  const auto stored = store(picture, tables, Form::whole, text,
                            [&] { return fits.get() ? model::Result<void>() : misfits_in(text, facts); });
  if (!stored) return refuse(reason_of(stored.error()), stored.error());
  parts_.accepted.write([&](auto& old, auto&) { std::optional(std::move(picture)).swap(old); });
  return publish(tables);
}

/// Bad fields have their places in the text.
model::Result<void> Applier::misfits_in(std::string_view text, const rules::Facts& facts) const {
  auto again = snapshot::read(text, parts_.max_bytes);
  if (!again) return tl::unexpected(again.error());
  return snapshot::check(facts, {std::move(again->objects), {}}, {}, "");
}

/// By what differs: one picture in memory, and the cost of what changed.
ApplyResult Applier::put_again(snapshot::Snapshot snapshot, std::string_view text) {
  const auto change = difference(parts_.accepted.present().compiler.facts(), std::move(snapshot.objects));
  const Identity next{std::move(snapshot.directory), snapshot.revision};
  auto result = accept(next, change, Form::whole, text);
  if (result || result.error().reason != Reason::invalid) return result;
  // As a picture of its own it may be right; if not, its bad fields have their places in the text.
  auto again = snapshot::read(text, parts_.max_bytes);
  return again ? put_new(std::move(*again), text) : result;
}

std::optional<Refusal> Applier::refuse_changes(const snapshot::Changes& changes) const {
  const auto* present = parts_.accepted.picture();
  if (present != nullptr && present->directory.id != changes.directory_id) return foreign(present->directory);
  if (present != nullptr && present->revision == changes.base_revision && changes_since_whole_ < kMaxChanges) {
    return std::nullopt;
  }
  return Refusal{Reason::unknown_base, {model::ErrorCode::conflict, "send the whole snapshot", {}}};
}

ApplyResult Applier::patch(const std::string& text) {
  const auto* present = parts_.accepted.picture();
  if (present != nullptr && !text.empty() && text == last_changes_)
    return Applied{present->revision, parts_.live.is_live()};
  const auto changes = snapshot::read_changes(text, parts_.max_bytes);
  if (!changes) return refuse(Reason::invalid, changes.error());
  if (auto refusal = refuse_changes(*changes)) return tl::unexpected(std::move(*refusal));

  const Identity next{present->directory, changes->revision};
  return accept(next, changes->change, Form::changes, text);
}

ApplyResult Applier::accept(const Identity& next, const model::Change& change, Form form, std::string_view text) {
  const auto& facts = parts_.accepted.present().compiler.facts();
  const Identity before = parts_.accepted.present().identity();
  const auto inverse = inverse_of(facts, change);
  const auto move_to = [&](const Identity& identity, const model::Change& by) {
    return parts_.accepted.write([&](auto& picture, auto& keys) {
      keys.assign(by.put);
      picture->directory = identity.directory;
      picture->revision = identity.revision;
      return picture->compiler.apply(by, now());
    });
  };
  const auto tables = move_to(next, change);
  if (const auto fit = snapshot::check(facts, change, inverse, "changed."); !fit) {
    move_to(before, inverse);
    return refuse(Reason::invalid, fit.error());
  }
  if (const auto stored = store(parts_.accepted.present(), tables, form, text); !stored) {
    move_to(before, inverse);
    return refuse(Reason::storage, stored.error());
  }
  return publish(tables);
}

model::Result<void> Applier::store(const state::Picture& picture, const rules::TablesChange& change, Form form,
                                   std::string_view text, const state::Confirm& confirm) {
  const auto& keys = parts_.accepted.keys();
  const state::Acceptance acceptance{form,           picture.revision, text,
                                     keys.unsaved(), change,           make_sys(picture, keys.last())};
  const auto stored = parts_.files.store(acceptance, confirm);
  if (!stored) return tl::unexpected(stored.error());
  parts_.accepted.write([](auto&, auto& saved) { saved.saved(); });
  sys_ = acceptance.sys;
  if (form == Form::whole) changes_since_whole_ = 0;
  if (form == Form::changes) ++changes_since_whole_;
  if (form != Form::none) last_changes_ = form == Form::changes ? text : "";
  files_stale_ = false;
  if (!stored->behind.empty()) fall_behind("not written: " + stored->behind);
  return {};
}

Applied Applier::publish(const rules::TablesChange& change) {
  const auto revision = parts_.accepted.present().revision;
  if (!files_stale_) parts_.live.follow(change, sys_);
  log::info("snapshot accepted", {{"revision", std::to_string(revision)},
                                  {"entries", std::to_string(count_entries(change))},
                                  {"live", parts_.live.is_live() ? "yes" : "no"}});
  return {revision, parts_.live.is_live()};
}

void Applier::tick() {
  if (parts_.accepted.picture() == nullptr) return;
  if (files_stale_) repair_files();
  if (!files_stale_) follow_schedules();
}

void Applier::follow_schedules() {
  const auto before = compiled_at_;
  const auto at = parts_.clock();
  const auto boundary = parts_.accepted.present().compiler.next_boundary();
  const bool set_back = at < before;  // somebody corrected the clock
  if (!set_back && (!boundary || at < *boundary)) return;
  const auto change = parts_.accepted.write([&](auto& picture, auto&) { return picture->compiler.apply({}, now()); });
  if (is_empty(change)) return;
  if (const auto stored = store(parts_.accepted.present(), change, Form::none, ""); !stored) {
    return fall_behind(stored.error().message);
  }
  publish(change);
}

rules::Time Applier::now() { return compiled_at_ = parts_.clock(); }

void Applier::repair_files() {
  const auto& picture = parts_.accepted.present();
  const auto tables = parts_.files.read_tables();
  if (!tables) return fall_behind(tables.error().message);
  const auto change = difference(*tables, picture.compiler.tables());
  if (const auto stored = store(picture, change, Form::none, ""); !stored) return fall_behind(stored.error().message);
  publish(change);
}

void Applier::fall_behind(const std::string& problem) {
  files_stale_ = true;
  parts_.live.fall_behind(problem);
}

}  // namespace neolia::gateway::kamailio

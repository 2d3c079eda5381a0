// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/event_copier.hpp"

#include <algorithm>
#include <chrono>

#include "gateway/kamailio/event.hpp"
#include "gateway/log.hpp"

namespace neolia::gateway::kamailio {
namespace {

constexpr int kBatch = 500;
constexpr std::chrono::milliseconds kFirstPause{1};
constexpr std::chrono::milliseconds kLastPause{250};

std::string to_text(const model::Json& event) {
  return event.dump(-1, ' ', false, model::Json::error_handler_t::replace);
}

/// Of a call that Kamailio has not any more: as it was told to end it, or else lost.
model::Json last_event(const Call& call) {
  const bool told = !call.ending.empty();
  auto event = blank_event(call.answered || !told ? "ended" : "missed", call.call_id());
  for (const char* field : {"caller", "site_id", "building_id", "unit_id", "account_id"}) {
    event[field] = call.incoming[field];
  }
  event["reason"] = told ? call.ending : "media_lost";
  if (told) event["code"] = call.answered ? 200 : 480;
  return event;
}

}  // namespace

/// The watch hurries, the poll is truth. SQLite makes a commit visible a moment after it has written the file, so a
/// wake may come too early: pauses begin short and grow.
void EventCopier::run(const std::stop_token& stop) {
  auto pause = kFirstPause;
  while (!stop.stop_requested()) {
    const bool copied = copy();
    if (acknowledge_.exchange(false)) acknowledge();
    if (copied) {
      pause = kFirstPause;
    } else {
      pause = parts_.watch.wait(pause) ? kFirstPause : std::min(pause * 2, kLastPause);
    }
  }
}

bool EventCopier::copy() {
  const std::scoped_lock lock(mutex_);
  return copy_batch();
}

model::Result<void> EventCopier::append_own(const model::Json& event) {
  const std::scoped_lock lock(mutex_);
  while (copy_batch()) continue;
  return append_now(event);
}

model::Result<void> EventCopier::append_lost(const std::string& call_id) {
  const std::scoped_lock lock(mutex_);
  while (copy_batch()) continue;
  const auto call = parts_.calls.find(call_id);
  if (!call) return {};
  return append_now(last_event(*call));
}

model::Result<void> EventCopier::append_now(const model::Json& event) {
  Copy copy;
  add(copy, {event, std::nullopt, {}});
  auto logged = store(std::move(copy), parts_.log.cursor());
  if (!logged) return tl::unexpected(logged.error());
  parts_.publish(std::move(*logged));
  return {};
}

model::Result<std::vector<state::LoggedEvent>> EventCopier::store(Copy copy, state::OutboxCursor cursor) {
  auto logged = parts_.log.append(std::move(copy.events), cursor, copy.following);
  logged ? parts_.calls.commit() : parts_.calls.rollback();
  return logged;
}

bool EventCopier::copy_batch() {
  const auto batch = parts_.outbox.read(parts_.log.cursor(), kBatch);
  if (!batch) {
    note_failure(batch.error());
    return false;
  }
  if (batch->rows.empty()) {
    if (committed_ && committed_->file != batch->cursor.file) acknowledge_ = true;
    committed_ = batch->cursor;
    return false;
  }
  auto logged = store(read_rows(batch->rows), batch->cursor);
  if (!logged) {
    note_failure(logged.error());
    return false;
  }
  failure_.clear();
  committed_ = batch->cursor;
  if (!logged->empty()) parts_.publish(std::move(*logged));
  acknowledge_ = true;
  return true;
}

void EventCopier::acknowledge_again() {
  acknowledge_ = true;
  parts_.watch.wake();
}

void EventCopier::repair() {
  const std::scoped_lock lock(mutex_);
  const auto repaired = state::repair_events_file(parts_.folder);
  if (!repaired) note_failure(repaired.error());
}

EventCopier::Copy EventCopier::read_rows(const std::vector<state::OutboxRow>& rows) {
  Copy copy;
  for (const auto& [id, text] : rows) {
    const auto row = read_row(text, parts_.accepted, parts_.presence);
    if (row) {
      std::visit([&](const auto& told) { add(copy, told); }, *row);
    } else {
      log::error("malformed event dropped",
                 {{"outbox_id", std::to_string(id)}, {"why", row.error().message}, {"row", text}});
    }
  }
  return copy;
}

void EventCopier::add(Copy& copy, const CallEvent& event) {
  copy.events.push_back(to_text(event.event));
  copy.following.calls[event.event["call_id"]] = parts_.calls.note(event);
}

void EventCopier::add(Copy& copy, const state::Sighting& sighting) {
  parts_.presence.note(sighting);
  copy.following.sightings.push_back(sighting);
}

/// Not waited for, as Kamailio may be busy with a reload; a lost one is made good by the next, or by
/// acknowledge_again().
void EventCopier::acknowledge() {
  const std::scoped_lock lock(mutex_);
  if (!committed_) return;
  const auto acked = std::to_string(committed_->file) + "/" + std::to_string(committed_->id);
  parts_.rpc.notify("htable.sets", model::Json::array({"sys", "acked", acked}));
}

void EventCopier::note_failure(const model::Error& error) {
  if (failure_ == error.message) return;
  failure_ = error.message;
  log::error("events cannot be copied", {{"error", error.message}});
  const auto repaired = state::repair_events_file(parts_.folder);
  if (!repaired) log::error("events.sqlite cannot be made", {{"error", repaired.error().message}});
}

}  // namespace neolia::gateway::kamailio

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
  const auto batch = parts_.outbox.read(parts_.log.cursor(), kBatch);
  if (!batch) {
    note_failure(batch.error());
    return false;
  }
  if (batch->rows.empty()) {
    committed_ = batch->cursor;
    return false;
  }
  auto logged = parts_.log.append(read_rows(batch->rows), batch->cursor);
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

std::vector<std::string> EventCopier::read_rows(const std::vector<state::OutboxRow>& rows) const {
  std::vector<std::string> events;
  for (const auto& [id, text] : rows) {
    const auto event = read_event(text, parts_.accepted);
    if (event) {
      events.push_back(event->dump(-1, ' ', false, model::Json::error_handler_t::replace));
    } else {
      log::error("malformed event dropped",
                 {{"outbox_id", std::to_string(id)}, {"why", event.error().message}, {"row", text}});
    }
  }
  return events;
}

/// Not waited for, as Kamailio may be busy with a reload; a lost one is made good by the next, or by
/// acknowledge_again().
void EventCopier::acknowledge() {
  if (committed_) parts_.rpc.notify("htable.seti", model::Json::array({"sys", "acked", committed_->id}));
}

void EventCopier::note_failure(const model::Error& error) {
  if (failure_ == error.message) return;
  failure_ = error.message;
  log::error("events cannot be copied", {{"error", error.message}});
  if (const auto made = state::make_kamailio_files(parts_.folder); !made) {
    log::error("events.sqlite cannot be made", {{"error", made.error().message}});
  }
}

}  // namespace neolia::gateway::kamailio

// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/live.hpp"

#include "gateway/kamailio/contacts.hpp"
#include "gateway/kamailio/end_calls.hpp"
#include "gateway/kamailio/figures.hpp"
#include "gateway/log.hpp"
#include "gateway/tables_change.hpp"
#include "model/id.hpp"

namespace neolia::gateway::kamailio {

static constexpr const char* kSavesElsewhere =
    "location.sqlite was damaged and is made again, but Kamailio still writes to the old one; restart Kamailio, or "
    "devices must sign in again after its next start";

using EventsWait = LiveTables::EventsWait;

static const char* words_for(EventsWait wait) {
  switch (wait) {
    case EventsWait::no:
      return "written again";
    case EventsWait::waiting:
      return "Kamailio cannot write events.sqlite, so what happens in calls is told later; is the disk full?";
    case EventsWait::full:
      return "Kamailio cannot write events.sqlite and its memory for events is full: the oldest are lost; is the disk "
             "full?";
  }
  return "";
}

Live::Live(Parts parts)
    : parts_(std::move(parts)), tables_(parts_.rpc, model::make_id()), saves_elsewhere_(parts_.location_is_made_again) {
  show();
}

void Live::follow(const rules::TablesChange& change, const state::Entries& sys) {
  sys_ = sys;
  if (in_step_) {
    note(tables_.follow(change, parts_.accepted.present().compiler.tables(), sys_));
  } else {
    watch();
  }
  drop_contacts();
  show();
}

void Live::fall_behind(const std::string& problem) {
  sys_.clear();
  in_step_ = false;
  status_.problem = problem;
  show();
}

void Live::tick() {
  watch();
  drop_contacts();
  end_calls_of_barred();
  look_for_waiting_events();
  read_figures();
  show();
}

void Live::watch() {
  const auto filled = tables_.are_filled();
  if (!filled) return note(tl::unexpected(filled.error()));
  status_.connected = true;
  in_step_ = in_step_ && *filled == LiveTables::Filled::by_us;
  saves_elsewhere_ = saves_elsewhere_ && *filled != LiveTables::Filled::not_at_all;
  if (sys_.empty()) return;
  if (!in_step_) refill(*filled == LiveTables::Filled::not_at_all);
}

void Live::refill(bool restarted) {
  note(tables_.refill(parts_.accepted.present().compiler.tables(), sys_));
  if (!in_step_) return;
  drop_strangers();
  parts_.on_refill(restarted);
  log::info("Kamailio's tables are filled", {{"revision", std::to_string(*status_.live_revision)}});
}

void Live::note(const RpcResult<void>& result) {
  in_step_ = result.has_value();
  status_.connected = result || result.error().kind == RpcError::Kind::refused;
  if (result) {
    status_.live_revision = parts_.accepted.present().revision;
    status_.problem.clear();
    return;
  }
  if (status_.problem != result.error().message) log::warning("not live", {{"problem", result.error().message}});
  status_.problem = result.error().message;
  status_.kamailio_version.reset();
}

void Live::drop_contacts() {
  const auto usernames = parts_.files.contacts_to_drop();
  if (!usernames || usernames->empty() || !status_.connected) return;
  std::vector<std::string> dropped;
  for (const auto& username : *usernames) {
    const auto done = revoke(username);
    if (!done && done.error().kind == RpcError::Kind::away) break;
    if (done) dropped.push_back(username);
    if (!done) log::warning("revoked, but not all gone yet", {{"username", username}, {"why", done.error().message}});
  }
  if (const auto noted = parts_.files.contacts_dropped(dropped); !noted) {
    log::warning("contacts will be dropped again", {{"error", noted.error().message}});
  }
}

RpcResult<void> Live::revoke(const std::string& username) {
  return kamailio::drop_contacts(parts_.rpc, username).and_then([&] {
    return end_calls(parts_.rpc, parts_.calls, parts_.calls.revoke(username), "revoked");
  });
}

/// They rang before their account was revoked.
void Live::end_calls_of_barred() {
  const auto calls = parts_.calls.answered_by_barred();
  if (calls.empty() || !status_.connected) return;
  const auto ended = end_calls(parts_.rpc, parts_.calls, calls, "revoked");
  if (!ended) log::warning("calls of revoked accounts go on; trying again", {{"why", ended.error().message}});
}

/// Contacts that Kamailio brought back from its disk, of accounts that are gone meanwhile.
void Live::drop_strangers() {
  const auto usernames = parts_.locations.usernames();
  if (!usernames) return log::warning("registrations cannot be read", {{"error", usernames.error().message}});
  const auto& subscribers = parts_.accepted.present().compiler.tables().subscribers;
  for (const auto& username : *usernames) {
    if (subscribers.contains(username)) continue;
    const auto done = kamailio::drop_contacts(parts_.rpc, username);
    log::info("contact without an account dropped", {{"username", username}, {"done", done ? "yes" : "no"}});
  }
}

void Live::read_figures() {
  status_.active_calls.reset();
  if (!status_.connected) return;
  status_.active_calls = count_calls(parts_.rpc);
  status_.registrations = count_contacts(parts_.rpc).value_or(status_.registrations);
  if (!status_.kamailio_version) status_.kamailio_version = read_version(parts_.rpc);
}

void Live::look_for_waiting_events() {
  const auto wait = tables_.events_wait();
  if (!wait) return;
  if (*wait != events_wait_) log::warning("events", {{"problem", words_for(*wait)}});
  events_wait_ = *wait;
  if (events_wait_ != EventsWait::no) parts_.on_events_wait();
}

std::string Live::problem() const {
  if (!status_.problem.empty() || !status_.connected) return status_.problem;
  if (events_wait_ != EventsWait::no) return words_for(events_wait_);
  return saves_elsewhere_ ? kSavesElsewhere : "";
}

void Live::show() {
  if (const auto* picture = parts_.accepted.picture()) {
    status_.directory = picture->directory;
    status_.revision = picture->revision;
  }
  status_.live = in_step_ && status_.connected && status_.live_revision == status_.revision;
  auto shown = status_;
  shown.problem = problem();
  parts_.board.set(shown);
}

}  // namespace neolia::gateway::kamailio

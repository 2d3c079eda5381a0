// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/live_tables.hpp"

#include "gateway/tables_change.hpp"

namespace neolia::gateway::kamailio {
namespace {

/// Above, reloading whole tables is faster: one entry costs two commands.
constexpr std::size_t kMaxSingleEntries = 200;

}  // namespace

RpcResult<LiveTables::Filled> LiveTables::are_filled() {
  return htables_.get("sys", "filled_by").map([&](const auto& mark) {
    if (!mark) return Filled::not_at_all;
    return mark == mark_ ? Filled::by_us : Filled::by_another;
  });
}

RpcResult<LiveTables::EventsWait> LiveTables::events_wait() {
  return htables_.get("sys", "events_wait").map([](const auto& mark) {
    if (!mark) return EventsWait::no;
    return mark == "full" ? EventsWait::full : EventsWait::waiting;
  });
}

RpcResult<void> LiveTables::follow(const rules::TablesChange& change, const rules::Tables& tables,
                                   const state::Entries& sys) {
  if (count_entries(change) > kMaxSingleEntries) return refill(tables, sys);
  return htables_.write(change).and_then([&] { return set_sys(sys); });
}

RpcResult<void> LiveTables::refill(const rules::Tables& tables, const state::Entries& sys) {
  return htables_.reload({tables.dial.size(), tables.rules.size(), tables.targets.size()})
      .and_then([&] { return expect_sys(sys); })
      .and_then([&] { return htables_.set("sys", "filled_by", mark_); });
}

RpcResult<void> LiveTables::set_sys(const state::Entries& sys) {
  for (const auto& [name, value] : sys) {
    if (auto done = htables_.set("sys", name, value); !done) return done;
  }
  return {};
}

RpcResult<void> LiveTables::expect_sys(const state::Entries& sys) {
  for (const auto& [name, value] : sys) {
    const auto present = htables_.get("sys", name);
    if (!present) return tl::unexpected(present.error());
    if (*present != value) {
      return tl::unexpected(RpcError{RpcError::Kind::refused,
                                     "Kamailio reads another sip.sqlite than the gateway writes; restart Kamailio"});
    }
  }
  return {};
}

}  // namespace neolia::gateway::kamailio

// SPDX-License-Identifier: Apache-2.0
/// One row of events.sqlite, as the gateway takes it over.
#include "gateway/kamailio/event.hpp"

#include "directory.hpp"
#include "gateway/kamailio/calls.hpp"
#include "gateway/state/outbox.hpp"
#include "target.hpp"

namespace neolia::fuzz {
namespace {

namespace kamailio = gateway::kamailio;
namespace state = gateway::state;

struct Accepted {
  Accepted() {
    accepted.write([&](auto& picture, auto& keys) {
      keys.assign(objects());
      rules::Compiler compiler(example::kDirectory.realm, accepted.key_of(), rules::Time());
      compiler.apply({objects(), {}}, rules::Time());
      picture.emplace(state::Picture{{example::kDirectory, 7}, std::move(compiler)});
    });
  }
  state::Accepted accepted{state::Keys({}, 0)};
};

void take(const kamailio::CallEvent& event) {
  static_cast<void>(event.event.dump(-1, ' ', false, model::Json::error_handler_t::replace));
  kamailio::Calls calls;
  const auto stored = calls.note(event);
  calls.commit();
  if (stored.empty()) return expect(calls.list().empty(), "a call is stored while it goes on");
  const auto read = kamailio::read_call(stored);
  expect(read.has_value(), "a call that was stored can be read");
  for (const auto& call : calls.list()) {
    expect(call.sip_call_id().size() <= state::Outbox::kMaxEvent, "a Call-ID is bounded");
    static_cast<void>(call.is_of(example::panel_id(1), "panel-1"));
  }
  static_cast<void>(calls.revoke("panel-1"));
}

void take(const state::Sighting& sighting) {
  state::Presence presence({}, {});
  presence.note(sighting);
  static_cast<void>(presence.find(sighting.device));
}

}  // namespace

void try_input(std::string_view input) {
  static const Accepted kAccepted;
  static const state::Presence kPresence({{"panel-1", 1'700'000'000'000'000}}, {});
  const auto row = kamailio::read_row(input, kAccepted.accepted, kPresence);
  if (!row) return expect_usable(row.error());
  std::visit([](const auto& read) { take(read); }, *row);
}

}  // namespace neolia::fuzz

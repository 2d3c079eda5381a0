// SPDX-License-Identifier: Apache-2.0
/// A call that goes on, as gateway.sqlite keeps it over a restart.
#include "gateway/kamailio/calls.hpp"
#include "target.hpp"

namespace neolia::fuzz {

void try_input(std::string_view input) {
  using gateway::kamailio::Calls;
  const std::string text(input.substr(0, 65536));
  const auto read = gateway::kamailio::read_call(text);
  const Calls calls({text});
  expect(calls.list().size() == (read ? 1U : 0U), "a call that can be read is there");
  if (!read) return;
  const auto written = gateway::kamailio::to_json(*read).dump(-1, ' ', false, model::Json::error_handler_t::replace);
  const auto again = gateway::kamailio::read_call(written);
  expect(again && gateway::kamailio::to_json(*again) == gateway::kamailio::to_json(*read),
         "reading and writing lose nothing");
  for (const auto& call : calls.list()) {
    static_cast<void>(call.sip_call_id() + call.session_id());
    static_cast<void>(call.is_test());
    static_cast<void>(call.is_of("00000000000000000000000001", "panel-1"));
  }
}

}  // namespace neolia::fuzz

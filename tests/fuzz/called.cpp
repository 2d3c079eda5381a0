// SPDX-License-Identifier: Apache-2.0
/// A line with the user part that the agent is called by, then the header X-Neolia-Call; also ffmpeg's progress.
#include "gateway/media/called.hpp"

#include "gateway/media/progress.hpp"
#include "target.hpp"

namespace neolia::fuzz {

void try_input(std::string_view input) {
  using namespace gateway::media;
  static_cast<void>(seconds_made(std::string(input)));
  const auto unit = read_voicemail_user(std::string(take_line(input)));
  expect(!unit || *unit > 0, "a key is above 0");
  const auto call = read_neolia_call(std::string(input));
  if (!call) return;
  expect(call->caller > 0 && call->call_id.size() <= 64, "a call that was read is one");
  expect(read_neolia_call(call->call_id + ";caller=" + std::to_string(call->caller)).has_value(),
         "a call that was written can be read");
}

}  // namespace neolia::fuzz

// SPDX-License-Identifier: Apache-2.0
/// A datagram of RTPEngine.
#include "gateway/media/ng_answer.hpp"

#include "target.hpp"

namespace neolia::fuzz {

void try_input(std::string_view input) {
  using namespace gateway::media;
  expect(input.starts_with(cookie_of(input)), "the cookie stands in front");
  const auto answer = check_ng_answer(read_ng_answer(input));
  if (!answer) return expect(!answer.error().empty(), "a refusal says why");
  const auto length = length_played(*answer);
  expect(!length || length->count() >= 0, "a greeting has a length");
}

}  // namespace neolia::fuzz

// SPDX-License-Identifier: Apache-2.0
/// An SDP offer to the agent that takes messages.
#include "gateway/media/sdp.hpp"

#include <algorithm>

#include "target.hpp"

namespace neolia::fuzz {
namespace {

using namespace gateway::media;

/// Lines of a known kind only: what was offered cannot bring in one of its own.
void expect_lines(std::string_view sdp) {
  while (!sdp.empty()) {
    const auto end = sdp.find("\r\n");
    expect(end != std::string_view::npos, "each line has its end");
    const auto line = sdp.substr(0, end);
    expect(line.size() > 2 && line[1] == '=' && std::string_view("vosctma").find(line[0]) != std::string_view::npos,
           "each line is one of SDP");
    expect(line.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos, "a line is one line");
    sdp.remove_prefix(end + 2);
  }
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

void try_input(std::string_view input) {
  const auto offer = read_offer(std::string(input));
  if (!offer) return expect(!offer.error().empty(), "a refusal says why");
  const auto answer = make_answer(*offer, {40000, 40002});
  expect_lines(answer);
  expect(count("\r\n" + answer, "\r\nm=") == offer->media.size(), "each stream has its answer");
  expect(read_offer(answer).has_value(), "the answer has the sound that was offered");
  expect_lines(describe_stream(offer->audio, "audio", offer->is_ip6, 40000));
  if (offer->video) expect_lines(describe_stream(*offer->video, "video", offer->is_ip6, 40002));
}

}  // namespace neolia::fuzz

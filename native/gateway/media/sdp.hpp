// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gateway/media/outcome.hpp"

namespace neolia::gateway::media {

/// One stream of an offer as the agent takes it.
struct Stream {
  unsigned payload_type = 0;
  std::string encoding;  ///< as in a=rtpmap: "PCMU/8000"
  std::string format;    ///< as in a=fmtp; empty without
};

/// What the agent takes of an SDP offer: one audio stream (PCMU, PCMA or opus) and one of H.264 video.
struct Offer {
  enum class Line { audio, video, refused };
  struct Media {
    Line line = Line::refused;
    std::string type;      ///< the m-line's own words, for the answer
    std::string protocol;  ///< "RTP/AVP"
    std::string formats;   ///< as offered, for a refused one
  };

  std::vector<Media> media;  ///< in the order of the offer
  Stream audio;
  std::optional<unsigned> telephone_event;
  std::optional<Stream> video;
  bool is_ip6 = false;
};

/// Where the two streams are received; RTCP one port above.
struct Ports {
  std::uint16_t audio = 0;
  std::uint16_t video = 0;  ///< 0: no video
};

/// Refused: what is no SDP, and an offer without audio that the agent takes.
[[nodiscard]] Outcome<Offer> read_offer(const std::string& sdp);

[[nodiscard]] std::string make_answer(const Offer& offer, const Ports& ports);

/// What a receiver of one stream needs; `type` is audio or video.
[[nodiscard]] std::string describe_stream(const Stream& stream, const std::string& type, bool is_ip6,
                                          std::uint16_t port);

/// An offer of plain audio, for a call in which nobody listens.
[[nodiscard]] std::string make_test_offer(const std::string& address, bool is_ip6, std::uint16_t port);

}  // namespace neolia::gateway::media

// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/sdp.hpp"

#include <sofia-sip/sdp.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "model/forms.hpp"

namespace neolia::gateway::media {
namespace {

constexpr std::size_t kMaxMedia = 8;
constexpr std::size_t kMaxFormat = 1024;
constexpr std::size_t kMaxOffer = 65536;

constexpr model::CharSet kDigits{"0-9"};
constexpr model::CharSet kToken{"0-9A-Za-z!#$%&'*+.^_`{|}~-"};
constexpr model::CharSet kTokens{"0-9A-Za-z!#$%&'*+.^_`{|}~/-"};

bool has_only(const model::CharSet& set, std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [&](char c) { return set.contains(c); });
}

bool is_port(std::string_view word) {
  const auto slash = word.find('/');
  return has_only(kDigits, word.substr(0, slash)) &&
         (slash == std::string_view::npos || has_only(kDigits, word.substr(slash + 1)));
}

/// What stands before the next space; the end of the line gives an empty word.
std::string_view take_word(std::string_view& line) {
  const auto word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(line.size(), word.size() + 1));
  return word;
}

/// `<media> <port> <protocol> <format> …` to the letter: of others, Debian 12's sofia-sip takes memory for ever.
bool is_media(std::string_view line) {
  if (line.ends_with(' ') || !has_only(kToken, take_word(line)) || !is_port(take_word(line)) ||
      !has_only(kTokens, take_word(line))) {
    return false;
  }
  do {
    if (!has_only(kToken, take_word(line))) return false;
  } while (!line.empty());
  return true;
}

/// It also reads behind a line of one character.
bool is_safe_line(std::string_view line) {
  if (line.empty()) return true;
  if (line.size() < 2 || line[1] != '=') return false;
  return line[0] != 'm' || is_media(line.substr(2));
}

bool is_safe(std::string_view sdp) {
  if (sdp.size() > kMaxOffer || sdp.find('\0') != std::string_view::npos) return false;
  for (;;) {
    const auto end = sdp.find_first_of("\r\n");
    if (!is_safe_line(sdp.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    sdp.remove_prefix(end + 1);
  }
}

struct FreeParser {
  void operator()(sdp_parser_t* parser) const { sdp_parser_free(parser); }
};

bool is(const char* text, std::string_view name) {
  if (text == nullptr) return false;
  const std::string_view view(text);
  return std::equal(view.begin(), view.end(), name.begin(), name.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

bool is_audio(const sdp_rtpmap_t& map) {
  return (map.rm_rate == 8000 && (is(map.rm_encoding, "PCMU") || is(map.rm_encoding, "PCMA"))) ||
         (map.rm_rate == 48000 && is(map.rm_encoding, "opus"));
}

bool is_video(const sdp_rtpmap_t& map) { return map.rm_rate == 90000 && is(map.rm_encoding, "H264"); }

/// It goes into the SDP of a program of ours: nothing but the characters of parameters.
std::string safe_format(const char* format) {
  const std::string_view text(format == nullptr ? "" : format);
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("=;,+/-_. ").find(static_cast<char>(c)) != std::string_view::npos;
  };
  return text.size() <= kMaxFormat && std::all_of(text.begin(), text.end(), allowed) ? std::string(text) : "";
}

Stream to_stream(const sdp_rtpmap_t& map) {
  std::string encoding = std::string(map.rm_encoding) + "/" + std::to_string(map.rm_rate);
  if (is(map.rm_encoding, "opus")) encoding += "/2";
  return {map.rm_pt, std::move(encoding), safe_format(map.rm_fmtp)};
}

const sdp_rtpmap_t* find_map(const sdp_media_t& media, bool (*wanted)(const sdp_rtpmap_t&)) {
  for (const sdp_rtpmap_t* map = media.m_rtpmaps; map != nullptr; map = map->rm_next) {
    if (wanted(*map)) return map;
  }
  return nullptr;
}

/// Plain RTP only: RTPEngine has taken everything else off.
bool is_receivable(const sdp_media_t& media) {
  return media.m_port != 0 && (media.m_proto == sdp_proto_rtp || is(media.m_proto_name, "RTP/AVPF"));
}

void take_audio(Offer& offer, const sdp_media_t& media, Offer::Media& line) {
  const auto* map = find_map(media, is_audio);
  if (map == nullptr || !offer.audio.encoding.empty()) return;
  offer.audio = to_stream(*map);
  line.line = Offer::Line::audio;
  const auto* event = find_map(media, [](const sdp_rtpmap_t& other) {
    return is(other.rm_encoding, "telephone-event") && other.rm_rate == 8000;
  });
  if (event != nullptr) offer.telephone_event = event->rm_pt;
}

void take_video(Offer& offer, const sdp_media_t& media, Offer::Media& line) {
  const auto* map = find_map(media, is_video);
  const bool is_sent = media.m_mode == sdp_sendrecv || media.m_mode == sdp_sendonly;
  if (map == nullptr || offer.video || !is_sent) return;
  offer.video = to_stream(*map);
  line.line = Offer::Line::video;
}

Offer::Media read_media(Offer& offer, const sdp_media_t& media) {
  Offer::Media line{Offer::Line::refused, media.m_type_name, media.m_proto_name, ""};
  for (const sdp_rtpmap_t* map = media.m_rtpmaps; map != nullptr; map = map->rm_next) {
    line.formats += " " + std::to_string(map->rm_pt);
  }
  for (const sdp_list_t* format = media.m_format; format != nullptr; format = format->l_next) {
    line.formats += std::string(" ") + format->l_text;
  }
  if (line.formats.empty()) line.formats = " 0";
  if (!is_receivable(media)) return line;
  if (media.m_type == sdp_media_audio) take_audio(offer, media, line);
  if (media.m_type == sdp_media_video) take_video(offer, media, line);
  return line;
}

bool says_ip6(const sdp_session_t& session) {
  const auto* connection = session.sdp_media != nullptr && session.sdp_media->m_connections != nullptr
                               ? session.sdp_media->m_connections
                               : session.sdp_connection;
  return connection != nullptr && connection->c_addrtype == sdp_addr_ip6;
}

std::string session_lines(const std::string& address, bool is_ip6) {
  const std::string place = std::string(is_ip6 ? "IP6 " : "IP4 ") + address + "\r\n";
  return "v=0\r\no=- 1 1 IN " + place + "s=-\r\nc=IN " + place + "t=0 0\r\n";
}

const char* loopback(bool is_ip6) { return is_ip6 ? "::1" : "127.0.0.1"; }

std::string attributes(const Stream& stream) {
  const std::string type = std::to_string(stream.payload_type);
  const std::string map = "a=rtpmap:" + type + " " + stream.encoding + "\r\n";
  return stream.format.empty() ? map : map + "a=fmtp:" + type + " " + stream.format + "\r\n";
}

std::string media_line(const std::string& type, std::uint16_t port, const std::string& protocol, unsigned payload) {
  return "m=" + type + " " + std::to_string(port) + " " + protocol + " " + std::to_string(payload);
}

std::string audio_lines(const Offer& offer, const Offer::Media& line, std::uint16_t port) {
  std::string lines = media_line("audio", port, line.protocol, offer.audio.payload_type);
  if (!offer.telephone_event) return lines + "\r\n" + attributes(offer.audio);
  const std::string event = std::to_string(*offer.telephone_event);
  return lines + " " + event + "\r\n" + attributes(offer.audio) + "a=rtpmap:" + event + " telephone-event/8000\r\n";
}

std::string answer_lines(const Offer& offer, const Offer::Media& line, const Ports& ports) {
  if (line.line == Offer::Line::audio) return audio_lines(offer, line, ports.audio);
  if (line.line == Offer::Line::video && ports.video != 0) {
    return media_line("video", ports.video, line.protocol, offer.video->payload_type) + "\r\n" +
           attributes(*offer.video) + "a=recvonly\r\n";
  }
  return "m=" + line.type + " 0 " + line.protocol + line.formats + "\r\n";
}

}  // namespace

Outcome<Offer> read_offer(const std::string& sdp) {
  if (!is_safe(sdp)) return failure("the offer is no SDP");
  const std::unique_ptr<sdp_parser_t, FreeParser> parser(
      sdp_parse(nullptr, sdp.data(), static_cast<issize_t>(sdp.size()), sdp_f_insane));
  const sdp_session_t* session = sdp_session(parser.get());
  if (session == nullptr) return failure("the offer is no SDP");
  Offer offer;
  offer.is_ip6 = says_ip6(*session);
  for (const sdp_media_t* media = session->sdp_media; media != nullptr; media = media->m_next) {
    if (offer.media.size() == kMaxMedia) return failure("the offer has too many streams");
    offer.media.push_back(read_media(offer, *media));
  }
  if (offer.audio.encoding.empty()) return failure("the offer has no audio that can be recorded");
  return offer;
}

std::string make_answer(const Offer& offer, const Ports& ports) {
  std::string answer = session_lines(loopback(offer.is_ip6), offer.is_ip6);
  for (const auto& line : offer.media) answer += answer_lines(offer, line, ports);
  return answer;
}

std::string describe_stream(const Stream& stream, const std::string& type, bool is_ip6, std::uint16_t port) {
  return session_lines(loopback(is_ip6), is_ip6) + media_line(type, port, "RTP/AVP", stream.payload_type) + "\r\n" +
         attributes(stream);
}

std::string make_test_offer(const std::string& address, bool is_ip6, std::uint16_t port) {
  return session_lines(address, is_ip6) + "m=audio " + std::to_string(port) +
         " RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n";
}

}  // namespace neolia::gateway::media

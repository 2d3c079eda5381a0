// SPDX-License-Identifier: Apache-2.0
#include "gateway/media/sdp.hpp"

#include <gmock/gmock.h>

namespace neolia::gateway::media {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kSession = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
const std::string kSound = "m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";
const std::string kPicture =
    "m=video 4002 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n"
    "a=fmtp:97 packetization-mode=1;sprop-parameter-sets=Z0LAHtkDxWhAAAADAEAAAAwDxYuS,aMuMsg==\r\n";

TEST(Sdp, TakesTheFirstCodecThatItKnows) {
  const auto offer = read_offer(kSession + "m=audio 4000 RTP/AVP 9 8 0\r\n").value();
  EXPECT_EQ(offer.audio.payload_type, 8U);
  EXPECT_EQ(offer.audio.encoding, "PCMA/8000");
  EXPECT_FALSE(offer.video);
  EXPECT_FALSE(offer.telephone_event);
}

TEST(Sdp, TakesOpus) {
  const auto offer =
      read_offer(kSession + "m=audio 4000 RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10\r\n")
          .value();
  EXPECT_EQ(offer.audio.encoding, "opus/48000/2");
  EXPECT_EQ(offer.audio.format, "minptime=10");
}

TEST(Sdp, AnswersWhereItListens) {
  const auto offer = read_offer(kSession + kSound + kPicture).value();
  EXPECT_EQ(make_answer(offer, {5000, 5002}),
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            "m=audio 5000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
            "m=video 5002 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n"
            "a=fmtp:97 packetization-mode=1;sprop-parameter-sets=Z0LAHtkDxWhAAAADAEAAAAwDxYuS,aMuMsg==\r\n"
            "a=recvonly\r\n");
}

TEST(Sdp, TellsTheReceiverTheParametersOfThePicture) {
  const auto offer = read_offer(kSession + kSound + kPicture).value();
  EXPECT_THAT(describe_stream(*offer.video, "video", false, 5002),
              HasSubstr("m=video 5002 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\na=fmtp:97 packetization-mode=1;sprop"));
}

TEST(Sdp, AnswersInTheFamilyOfTheOffer) {
  const std::string ip6 = "v=0\r\no=- 1 1 IN IP6 2001:db8::1\r\ns=-\r\nc=IN IP6 2001:db8::1\r\nt=0 0\r\n";
  EXPECT_THAT(make_answer(read_offer(ip6 + kSound).value(), {5000, 0}), HasSubstr("c=IN IP6 ::1\r\n"));
}

TEST(Sdp, RefusesWhatItsParserDoesNotSurvive) {
  for (const char* line :
       {"audio 4000 RP6 ::1", "audio 4000 RTP1 IN /AVP 0", "audio 4000RTP/AVP x /", "audio 4000/ 2 a /",
        "audio 4000 a\t/", "audio 4000 RTP/AVP 0 ", "audio 4000 RTP/AVP", "audio  4000 a 0", "audio", ""}) {
    EXPECT_FALSE(read_offer(kSession + kSound + "m=" + line + "\r\n")) << line;
  }
  EXPECT_TRUE(read_offer(kSession + kSound + "m=audio 4000/2 RTP/AVP 0 8\r\n"));
  EXPECT_FALSE(read_offer(kSession + kSound + "a"));
  EXPECT_FALSE(read_offer(kSession + kSound + std::string("a=\0\r\n", 5)));
  EXPECT_FALSE(read_offer(kSession + kSound + "a=" + std::string(65536, 'x')));
}

TEST(Sdp, RefusesStreamsThatItDoesNotTake) {
  const auto offer = read_offer(kSession + "m=video 4002 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n" + kSound +
                                "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n")
                         .value();
  const auto answer = make_answer(offer, {5000, 0});
  EXPECT_LT(answer.find("m=video 0 RTP/AVP 96\r\n"), answer.find("m=audio 5000 "));
  EXPECT_THAT(answer, HasSubstr("m=application 0 "));
}

TEST(Sdp, LeavesAPictureThatIsNotSent) {
  EXPECT_FALSE(read_offer(kSession + kSound + kPicture + "a=recvonly\r\n")->video);
}

TEST(Sdp, PassesNothingStrangeOnToTheReceiver) {
  const auto offer = read_offer(kSession + "m=audio 4000 RTP/AVP 0\r\na=fmtp:0 a=b\"$(reboot)<x>\r\n").value();
  EXPECT_EQ(offer.audio.format, "");
  EXPECT_THAT(describe_stream(offer.audio, "audio", false, 5000), Not(HasSubstr("reboot")));
}

struct Row {
  const char* name;
  std::string sdp;
};

class BadOffer : public testing::TestWithParam<Row> {};

TEST_P(BadOffer, IsRefused) { EXPECT_FALSE(read_offer(GetParam().sdp)); }

INSTANTIATE_TEST_SUITE_P(Sdp, BadOffer,
                         testing::Values(Row{"empty", ""}, Row{"no_sdp", "hello"}, Row{"no_media", kSession},
                                         Row{"no_sound", kSession + kPicture},
                                         Row{"sound_of_another_codec", kSession + "m=audio 4000 RTP/AVP 9\r\n"},
                                         Row{"sound_not_wanted", kSession + "m=audio 0 RTP/AVP 0\r\n"},
                                         Row{"still_encrypted", kSession + "m=audio 4000 RTP/SAVP 0\r\n"},
                                         Row{"too_many_streams", kSession + kSound + kSound + kSound + kSound + kSound +
                                                                     kSound + kSound + kSound + kSound}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace neolia::gateway::media

# SPDX-License-Identifier: Apache-2.0
"""Offers of a plain device and of a browser: PCMU and H.264."""

PLAIN = """\
v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio 41000 RTP/AVP 0
a=rtpmap:0 PCMU/8000
m=video 41002 RTP/AVP 96
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1;profile-level-id=42e01f
""".replace("\n", "\r\n")

_OF_BOTH = """\
c=IN IP4 127.0.0.1
a=ice-ufrag:Xf3s
a=ice-pwd:0123456789abcdefghijklmn
a=fingerprint:sha-256 {fingerprint}
a=setup:actpass
a=sendrecv
a=rtcp-mux
""".format(fingerprint=":".join(f"{byte:02X}" for byte in range(32)))

WEBRTC = f"""\
v=0
o=- 2 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
m=audio 42000 UDP/TLS/RTP/SAVPF 0
{_OF_BOTH}a=mid:0
a=rtpmap:0 PCMU/8000
a=candidate:1 1 udp 2122260223 127.0.0.1 42000 typ host
m=video 42000 UDP/TLS/RTP/SAVPF 96
{_OF_BOTH}a=mid:1
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1;profile-level-id=42e01f
a=candidate:1 1 udp 2122260223 127.0.0.1 42000 typ host
""".replace("\n", "\r\n")


def is_webrtc(sdp: str) -> bool:
    """Whether a browser could take it."""
    return all(text in sdp for text in ("UDP/TLS/RTP/SAVPF", "a=fingerprint:", "a=ice-ufrag:", "a=candidate:"))


def is_plain(sdp: str) -> bool:
    """Whether any phone could take it."""
    return "RTP/AVP " in sdp and not any(text in sdp for text in ("SAVP", "a=fingerprint:", "a=ice-", "a=candidate:"))

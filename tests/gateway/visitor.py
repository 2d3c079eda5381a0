# SPDX-License-Identifier: Apache-2.0
"""A visitor at a door who gets the voicemail: SIP to the agent as Kamailio would pass it on, RTP through RTPEngine."""

import asyncio
import itertools
import re
from typing import Any, Self

from stack.processes import Process
from stack.rtpengine import RtpEngine
from stack.waiting import wait_until

AUDIO = "m=audio {audio} RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"
VIDEO = (
    "m=video {video} RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;profile-level-id=42e01f\r\n"
)


class Packets(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, _: Any) -> None:
        self.received.append(data)

    @property
    def port(self) -> int:
        port: int = self.transport.get_extra_info("sockname")[1]
        return port

    @property
    def rtp(self) -> int:
        """Audio packets that came."""
        return sum(1 for packet in self.received if packet[1] & 0x7F == 0)


class Visitor:
    """One call to the agent at `agent` ("host:port")."""

    _numbers = itertools.count(1)

    def __init__(self, agent: str, engine: RtpEngine, folder: Any, *, video: bool = False) -> None:
        self._agent = agent
        self._engine = engine
        self._folder = folder
        self._media = AUDIO + (VIDEO if video else "")
        self.call_id = f"visitor-{next(self._numbers)}"
        self.replies: list[str] = []
        self.tag = ""
        self._remote: list[int] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._senders: list[Process] = []

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        host, port = self._agent.split(":")
        _, self._sip = await loop.create_datagram_endpoint(Packets, remote_addr=(host, int(port)))
        _, self.sound = await loop.create_datagram_endpoint(Packets, local_addr=("127.0.0.1", 0))
        _, self._picture = await loop.create_datagram_endpoint(Packets, local_addr=("127.0.0.1", 0))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        for sender in self._senders:
            await sender.kill()
        for end in (self._sip, self.sound, self._picture):
            end.transport.close()

    def _message(self, method: str, user: str, number: int, *headers: str, body: str = "") -> bytes:
        to_tag = f";tag={self.tag}" if self.tag else ""
        lines = (
            f"{method} sip:{user}@{self._agent} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self._sip.port};branch=z9hG4bK{self.call_id}{method}{number}",
            "Max-Forwards: 60",
            f"From: <sip:door@home.example>;tag=of-{self.call_id}",
            f"To: <sip:{user}@home.example>{to_tag}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:door@127.0.0.1:{self._sip.port}>",
            *headers,
            f"Content-Length: {len(body)}",
            "",
            body,
        )
        return "\r\n".join(lines).encode()

    async def invite(self, user: str, neolia_call: str | None) -> int:
        """Offer media through RTPEngine and return the final code; an answer is taken and acknowledged."""
        media = self._media.format(audio=self.sound.port, video=self._picture.port)
        sdp = f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n{media}"
        party = {"call-id": self.call_id, "from-tag": f"of-{self.call_id}"}
        offer = await self._engine.command("offer", **party, sdp=sdp, ICE="remove")
        headers = [f"X-Neolia-Call: {neolia_call}"] if neolia_call else []
        self.user = user
        offered = offer.get("sdp", sdp)
        self._sip.transport.sendto(
            self._message("INVITE", user, 1, *headers, "Content-Type: application/sdp", body=offered)
        )
        reply = await self._final()
        found = re.search(r"^To:.*;tag=([^;\r]+)", reply, re.MULTILINE)
        self.tag = found[1] if found else ""
        if reply.startswith("SIP/2.0 200"):
            body = reply.partition("\r\n\r\n")[2]
            answer = await self._engine.command("answer", **party, **{"to-tag": self.tag}, sdp=body)
            self.answer = body
            self._remote = [int(port) for port in re.findall(r"^m=\w+ (\d+)", answer["sdp"], re.MULTILINE)]
        self._sip.transport.sendto(self._message("ACK", user, 1))
        return int(reply.split(" ")[1])

    async def _final(self) -> str:
        def found() -> str | None:
            texts = [data.decode() for data in self._sip.received]
            return next((text for text in texts if re.match(r"SIP/2.0 [2-6]", text)), None)

        return await wait_until(found, what="a final reply of the agent") or ""

    def speak(self) -> None:
        """Send sound until the end."""
        self._tasks.append(asyncio.create_task(self._speak()))

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        begin = loop.time()
        for number in itertools.count():
            header = b"\x80\x00" + (number % 65536).to_bytes(2, "big") + (number * 160).to_bytes(4, "big") + b"test"
            noise = bytes((number * 7 + at * 13) % 256 for at in range(160))
            self.sound.transport.sendto(header + noise, ("127.0.0.1", self._remote[0]))
            await asyncio.sleep(max(0, begin + number * 0.02 - loop.time()))

    async def show(self) -> None:
        """Send H.264 made by ffmpeg until the end, a key frame each second."""
        picture = ("-re", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=10", "-pix_fmt", "yuv420p")
        coded = (
            "-c:v",
            "libx264",
            "-profile:v",
            "baseline",
            "-preset",
            "ultrafast",
            "-tune",
            "zerolatency",
            "-g",
            "10",
        )
        port = self._picture.port
        self._picture.transport.close()
        target = f"rtp://127.0.0.1:{self._remote[1]}?localrtpport={port}"
        command = ("ffmpeg", "-v", "error", "-nostdin", *picture, *coded, "-f", "rtp", "-payload_type", "96", target)
        self._senders.append(await Process.start("ffmpeg", *command, log=self._folder / "picture.log"))

    def hang_up(self) -> None:
        self._sip.transport.sendto(self._message("BYE", self.user, 2))

    @property
    def is_hung_up_on(self) -> bool:
        """Whether the agent has said BYE; it is confirmed."""
        for data in self._sip.received:
            text = data.decode()
            if not text.startswith("BYE "):
                continue
            kept = re.findall(r"^(?:Via|From|To|Call-ID|CSeq):.*\r\n", text, re.MULTILINE)
            self._sip.transport.sendto(f"SIP/2.0 200 OK\r\n{''.join(kept)}Content-Length: 0\r\n\r\n".encode())
            return True
        return False

# SPDX-License-Identifier: Apache-2.0
"""One end of a conversation: an RTP socket that sends silence every 20 ms and knows when it hears the other."""

import asyncio
import itertools
import re
import socket
from types import TracebackType
from typing import Self

PACKET_SECONDS = 0.02
SILENCE = b"\xff" * 160


class Sound:
    """PCMU on the loopback."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", 0))
        self._speaking: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._speaking:
            self._speaking.cancel()
        self._socket.close()

    @property
    def offer(self) -> str:
        """Its SDP, in an offer or an answer."""
        port = self._socket.getsockname()[1]
        lines = ("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0")
        return "\r\n".join((*lines, f"m=audio {port} RTP/AVP 0", "a=rtpmap:0 PCMU/8000", ""))

    def speak(self, sdp: str) -> None:
        """Send to where the other's SDP says, until the end."""
        found = re.search(r"^m=audio (\d+) ", sdp, re.MULTILINE)
        assert found, sdp
        self._speaking = asyncio.create_task(self._speak(int(found[1])))

    async def hears(self) -> None:
        """Wait for the first packet; TimeoutError when none comes."""
        await asyncio.wait_for(asyncio.get_running_loop().sock_recv(self._socket, 2048), 5)

    async def _speak(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        for number in itertools.count():
            header = b"\x80\x00" + number.to_bytes(2, "big") + (number * 160).to_bytes(4, "big") + b"test"
            await loop.sock_sendto(self._socket, header + SILENCE, ("127.0.0.1", port))
            await asyncio.sleep(PACKET_SECONDS)

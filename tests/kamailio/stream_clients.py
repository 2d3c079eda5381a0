# SPDX-License-Identifier: Apache-2.0
"""SIP clients on a connection: TCP, TLS, and WebSocket with and without TLS."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import re
import ssl

import aiohttp

from .sip_client import SipParty

_LENGTH = re.compile(rb"^Content-Length: *(\d+)\r$", re.MULTILINE | re.IGNORECASE)


class StreamClient(SipParty):
    """One TCP or TLS connection; `connect_stream` makes it."""

    transport = "TCP"

    def __init__(self, server: str, username: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super().__init__(server, username)
        self._reader, self._writer = reader, writer
        host, port = writer.get_extra_info("sockname")[:2]
        self.place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    @property
    def contact(self) -> str:
        return f"{super().contact};transport={self.transport.lower()}"

    @property
    def tls(self) -> ssl.SSLObject:
        """The connection's own view of TLS: version, certificate."""
        found: ssl.SSLObject = self._writer.get_extra_info("ssl_object")
        return found

    async def send(self, message: str | bytes) -> None:
        self._writer.write(message if isinstance(message, bytes) else message.encode())
        await self._writer.drain()

    async def read(self, seconds: float) -> bytes:
        async with asyncio.timeout(seconds):
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            assert length, head
            return head + await self._reader.readexactly(int(length[1]))


class WebSocketClient(SipParty):
    """One WebSocket, `connect_websocket` makes it; `socket` is aiohttp's, with its pings left to the test on demand."""

    transport = "WS"

    def __init__(self, server: str, username: str, socket: aiohttp.ClientWebSocketResponse) -> None:
        super().__init__(server, username)
        self.socket = socket

    @property
    def contact(self) -> str:
        return f"{super().contact};transport=ws"

    async def send(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            await self.socket.send_bytes(message)
        else:
            await self.socket.send_str(message)

    async def read(self, seconds: float) -> bytes:
        frame = await self.socket.receive(timeout=seconds)
        assert frame.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY), frame
        return frame.data.encode() if isinstance(frame.data, str) else bytes(frame.data)


@asynccontextmanager
async def connect_stream(
    server: str, username: str, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[StreamClient]:
    reader, writer = await asyncio.open_connection(
        server.rpartition(":")[0].strip("[]"), int(server.rpartition(":")[2]), ssl=tls
    )
    try:
        client = StreamClient(server, username, reader, writer)
        if tls:
            client.transport = "TLS"
        yield client
    finally:
        writer.close()


@asynccontextmanager
async def connect_websocket(
    server: str,
    username: str,
    *,
    tls: ssl.SSLContext | None = None,
    origin: str | None = None,
    protocol: str = "sip",
    autoping: bool = True,
) -> AsyncIterator[WebSocketClient]:
    """aiohttp.WSServerHandshakeError when the upgrade is refused."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"{'wss' if tls else 'ws'}://{server}",
            protocols=(protocol,),
            origin=origin,
            ssl=tls or True,
            autoping=autoping,
            max_msg_size=1 << 20,
        ) as socket,
    ):
        client = WebSocketClient(server, username, socket)
        if tls:
            client.transport = "WSS"
        yield client

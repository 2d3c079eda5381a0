# SPDX-License-Identifier: Apache-2.0
"""A WebSocket server in the place of Kamailio's: it shows what arrives, and says what the test wants."""

import asyncio
from typing import Self

from aiohttp import WSMessage, WSMsgType, web
from stack.ports import free_port


class WebSocketServer:
    """One WebSocket after the other, or many at once."""

    def __init__(self, *, protocols: tuple[str, ...] = ("sip",), reads: bool = True) -> None:
        """Without `reads` nothing that is sent to it is taken."""
        self.port = free_port()
        self.pings: asyncio.Queue[WSMessage] = asyncio.Queue()
        self.received: asyncio.Queue[WSMessage] = asyncio.Queue()
        self.opened: asyncio.Queue[web.WebSocketResponse] = asyncio.Queue()
        self.closed = 0
        self._protocols = protocols
        self._reads = reads
        self._runner: web.AppRunner | None = None
        self._over = asyncio.Event()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_get("/", self._serve)
        self._runner = web.AppRunner(application, handle_signals=False, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        assert self._runner
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=self._protocols, max_msg_size=1 << 20, autoping=False)
        await socket.prepare(request)
        await self.opened.put(socket)
        if not self._reads:
            await self._over.wait()
            return socket
        async for message in socket:
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                await self.received.put(message)
            elif message.type == WSMsgType.PING:
                await socket.pong(message.data)
                await self.pings.put(message)
        self.closed += 1
        return socket

# SPDX-License-Identifier: Apache-2.0
"""A gateway of docs/architecture.md §4 and §5 without a Kamailio: what the component's own tests talk to."""

import asyncio
from dataclasses import dataclass, field
import json
from typing import Any

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from .fake_services import FakeServices, refusal

TOKEN = "right-token"
NOUNS = ("sites", "buildings", "units", "accounts", "doors", "rules")


@dataclass
class Push:
    method: str
    revision: int
    adopt: bool


@dataclass
class FakeGateway:
    """Set the public fields to make it behave; read them to see what reached it."""

    token: str = TOKEN
    directory: dict[str, str] | None = None
    revision: int | None = None
    live_revision: int | None = None
    objects: dict[str, dict[str, Any]] = field(default_factory=lambda: {noun: {} for noun in NOUNS})
    pushes: list[Push] = field(default_factory=list)
    stream: str = "01J00000000000000000000001"
    log: list[dict[str, Any]] = field(default_factory=list)
    cursors: list[tuple[str | None, str | None]] = field(default_factory=list)
    problem: str | None = None
    reads_back: bool = True
    away: bool = False
    """Closes every connection without an answer."""
    answer: web.Response | None = None
    """Given instead of any answer of its own."""
    status_requests: int = 0
    services: FakeServices = field(default_factory=FakeServices)

    def __post_init__(self) -> None:
        self._sockets: set[web.WebSocketResponse] = set()
        self._held = asyncio.Event()
        self._held.set()
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.router.add_get("/v1/status", self._status)
        application.router.add_put("/v1/snapshot", self._put)
        application.router.add_patch("/v1/snapshot", self._patch)
        application.router.add_get("/v1/events", self._events)
        self.services.add_routes(application.router)
        application.middlewares.append(self._guard)
        self._server = TestServer(application, host="127.0.0.1")

    @property
    def url(self) -> str:
        return str(self._server.make_url("")).rstrip("/")

    @property
    def listeners(self) -> int:
        return len(self._sockets)

    async def start(self) -> None:
        await self._server.start_server(shutdown_timeout=0.1)

    async def stop(self) -> None:
        self.resume()
        await self.drop_listeners()
        await self._server.close()

    def hold(self) -> None:
        """Answer pushes only after resume()."""
        self._held.clear()

    def resume(self) -> None:
        self._held.set()

    async def drop_listeners(self) -> None:
        for socket in tuple(self._sockets):
            await socket.close()

    async def go_away(self) -> None:
        self.away = True
        await self.drop_listeners()

    async def emit(self, event: dict[str, Any]) -> int:
        """Log an event and send it to whoever follows; returns its number."""
        self.log.append(event)
        number = len(self.log)
        for socket in tuple(self._sockets):
            await socket.send_json(self._numbered(number))
        return number

    async def send_raw(self, message: str | bytes) -> None:
        for socket in tuple(self._sockets):
            await (socket.send_str(message) if isinstance(message, str) else socket.send_bytes(message))

    async def repeat(self, number: int) -> None:
        """Send an event again, as at-least-once delivery may."""
        await self.send_raw(json.dumps(self._numbered(number)))

    def unit(self, unit_id: str) -> dict[str, Any] | None:
        return self.objects["units"].get(unit_id)

    def _numbered(self, number: int) -> dict[str, Any]:
        return {"type": "event", "stream": self.stream, "number": number, "event": self.log[number - 1]}

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self.away:
            assert request.transport is not None
            request.transport.abort()
            raise ConnectionResetError
        if self.answer is not None:
            return web.Response(status=self.answer.status, body=self.answer.body, headers=self.answer.headers)
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return refusal(401, "unauthorized")
        return await handler(request)

    async def _status(self, request: web.Request) -> web.Response:
        self.status_requests += 1
        return web.json_response(
            {
                "version": "0.1.0",
                "directory": self.directory,
                "revision": self.revision,
                "live_revision": self.live_revision,
                "live": self.live_revision == self.revision,
                "problem": self.problem,
                "kamailio": {"connected": self.reads_back, "version": "5.6.3"},
                "events": {"stream": self.stream, "last": len(self.log)},
                "registrations": 0,
                "active_calls": None,
            }
        )

    async def _put(self, request: web.Request) -> web.Response:
        await self._held.wait()
        snapshot = await request.json()
        adopt = request.query.get("adopt") == "true"
        if self.directory and self.directory["id"] != snapshot["directory"]["id"] and not adopt:
            return refusal(409, "foreign_directory")
        self.directory = snapshot["directory"]
        self.objects = {noun: {thing["id"]: thing for thing in snapshot[noun]} for noun in NOUNS}
        return self._accept(Push("PUT", snapshot["revision"], adopt))

    async def _patch(self, request: web.Request) -> web.Response:
        await self._held.wait()
        changes = await request.json()
        if not self.directory or changes["directory_id"] != self.directory["id"]:
            return refusal(409, "foreign_directory")
        if changes["base_revision"] != self.revision:
            return refusal(409, "unknown_base")
        for noun in NOUNS:
            self.objects[noun] |= {thing["id"]: thing for thing in changes["changed"].get(noun, [])}
            for gone in changes["removed"].get(noun, []):
                del self.objects[noun][gone]
        return self._accept(Push("PATCH", changes["revision"], False))

    def _accept(self, push: Push) -> web.Response:
        self.pushes.append(push)
        self.revision = push.revision
        if self.reads_back:
            self.live_revision = push.revision
        return web.json_response({"revision": push.revision, "live": self.reads_back})

    async def _events(self, request: web.Request) -> web.WebSocketResponse:
        stream, after = request.query.get("stream"), request.query.get("after")
        self.cursors.append((stream, after))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        directory_id = self.directory["id"] if self.directory else None
        await socket.send_json(
            {"type": "hello", "stream": self.stream, "last": len(self.log), "directory_id": directory_id}
        )
        first = int(after or 0) if stream == self.stream else 0
        for number in range(first + 1, len(self.log) + 1):
            await socket.send_json(self._numbered(number))
        self._sockets.add(socket)
        try:
            async for message in socket:
                assert message.type is WSMsgType.TEXT
        finally:
            self._sockets.discard(socket)
        return socket

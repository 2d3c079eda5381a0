# SPDX-License-Identifier: Apache-2.0
"""Home Assistant from outside: onboarding, log-in, REST and WebSocket, as a browser uses them."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
import itertools
from types import TracebackType
from typing import Any, Self

import aiohttp

type Json = dict[str, Any]


class CommandError(RuntimeError):
    """Home Assistant refused a WebSocket command."""

    def __init__(self, command: str, code: str, message: str) -> None:
        super().__init__(f"{command}: {code}: {message}")
        self.code = code


class HomeAssistantApi:
    """REST calls to one Home Assistant; `sign_in` first. One per running instance, closed with `close`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client_id = f"{url}/"
        self._session = aiohttp.ClientSession(url, timeout=aiohttp.ClientTimeout(total=60))
        self._token = ""

    async def close(self) -> None:
        """Close the HTTP session."""
        await self._session.close()

    async def answers(self) -> bool:
        """Whether the web server is up."""
        try:
            async with self._session.get("/manifest.json", timeout=aiohttp.ClientTimeout(total=2)) as response:
                return response.status == 200
        except aiohttp.ClientError, TimeoutError:
            return False

    async def onboard(self, user: str, password: str) -> None:
        """Create the owner of a new Home Assistant and sign in as this user."""
        body = {"client_id": self._client_id, "name": user, "username": user, "password": password, "language": "en"}
        answer = await self.request("POST", "/api/onboarding/users", body)
        await self._take_token(answer["auth_code"])

    async def sign_in(self, user: str, password: str) -> None:
        """Sign in with the log-in form's own requests."""
        start = {
            "client_id": self._client_id,
            "handler": ["homeassistant", None],
            "redirect_uri": self._client_id,
        }
        flow = await self.request("POST", "/auth/login_flow", start)
        form = {"client_id": self._client_id, "username": user, "password": password}
        answer = await self.request("POST", f"/auth/login_flow/{flow['flow_id']}", form)
        await self._take_token(answer["result"])

    async def _take_token(self, code: str) -> None:
        form = {"grant_type": "authorization_code", "code": code, "client_id": self._client_id}
        async with self._session.post("/auth/token", data=form) as response:
            response.raise_for_status()
            self._token = (await response.json())["access_token"]

    async def request(self, method: str, path: str, body: Json | None = None) -> Any:
        """One REST call; the decoded answer. Raises with Home Assistant's own text for any status but 2xx."""
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        async with self._session.request(method, path, json=body, headers=headers) as response:
            if not response.ok:
                raise RuntimeError(f"{method} {path}: {response.status}: {(await response.text())[:500]}")
            return await response.json()

    async def state(self, entity_id: str) -> Json:
        """State and attributes of an entity."""
        answer: Json = await self.request("GET", f"/api/states/{entity_id}")
        return answer

    async def websocket(self) -> HomeAssistantWebSocket:
        """A new authenticated WebSocket connection."""
        socket = await self._session.ws_connect("/api/websocket", max_msg_size=0)
        await socket.receive_json()
        await socket.send_json({"type": "auth", "access_token": self._token})
        answer = await socket.receive_json()
        if answer["type"] != "auth_ok":
            raise RuntimeError(f"WebSocket log-in: {answer}")
        return HomeAssistantWebSocket(socket)


class HomeAssistantWebSocket:
    """One WebSocket connection: commands with answers, subscriptions with a queue each. Use as a context manager."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self._queues: dict[int, asyncio.Queue[Json]] = {}
        self._reader = asyncio.create_task(self._read())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection; commands without an answer fail."""
        await self._socket.close()
        self._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader

    async def call(self, command: str, **fields: Any) -> Any:
        """Send a command; its result. Raises CommandError when Home Assistant refuses it."""
        return await self._send(next(self._numbers), command, fields)

    async def subscribe(self, command: str, **fields: Any) -> asyncio.Queue[Json]:
        """Send a command that subscribes; its events arrive in the queue, which is shut down when the connection ends."""
        number = next(self._numbers)
        queue = self._queues[number] = asyncio.Queue()
        await self._send(number, command, fields)
        return queue

    async def _send(self, number: int, command: str, fields: Json) -> Any:
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "type": command, **fields})
        message = await asyncio.wait_for(answer, 60)
        if not message["success"]:
            raise CommandError(command, message["error"]["code"], message["error"]["message"])
        return message["result"]

    async def _read(self) -> None:
        async for message in self._messages():
            if message["type"] == "result":
                self._answers.pop(message["id"]).set_result(message)
            elif message["type"] == "event":
                self._queues[message["id"]].put_nowait(message["event"])
        for answer in self._answers.values():
            answer.set_exception(ConnectionError("Home Assistant closed the WebSocket"))
        for queue in self._queues.values():
            queue.shutdown()

    async def _messages(self) -> AsyncIterator[Json]:
        async for message in self._socket:
            content = message.json()
            for part in content if isinstance(content, list) else [content]:
                yield part

# SPDX-License-Identifier: Apache-2.0
"""The gateway's API (docs/architecture.md §4, §5), typed and bounded. Knows nothing of Home Assistant.

Answers are as little trusted as any input: their size, form and types are checked here.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
import io
import json
import re
from typing import Any, ClassVar, Self

import aiohttp
from yarl import URL

MAX_ANSWER = 1024 * 1024
MAX_FIELDS = 100
MAX_EVENT = 256 * 1024
STATUS_TIMEOUT = aiohttp.ClientTimeout(total=10)
SNAPSHOT_TIMEOUT = aiohttp.ClientTimeout(total=120, connect=10)
CONNECT_SECONDS = 10
CLOSE_SECONDS = 2
HEARTBEAT_SECONDS = 20
MAX_URL = 1024
MAX_MESSAGE = 500
_DONE = (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT)
_NOT_AUTHORIZED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_TOKEN = re.compile(r"[\x21-\x7e]{1,512}")


class GatewayError(Exception):
    """Why the gateway did not do it; `code` is for programs, the text for people."""

    code: ClassVar[str] = "gateway_error"


class GatewayUnreachableError(GatewayError):
    """No answer: wrong address, gateway down, network cut, too slow."""

    code = "cannot_connect"


class GatewayUnauthorizedError(GatewayError):
    """The token is not the gateway's."""

    code = "invalid_auth"


class GatewayUnexpectedError(GatewayError):
    """Something answers there, but not as a gateway does."""

    code = "unexpected_answer"


class GatewayRefusedError(GatewayError):
    """The gateway understood and said no."""

    code = "refused"

    def __init__(
        self, message: str, *, reason: str = "refused", status: int = 400, fields: list[dict[str, str]] | None = None
    ) -> None:
        """`reason` is the gateway's own code."""
        super().__init__(message)
        self.reason = reason
        self.fields = fields or []
        self.is_fault = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        """It is the gateway that cannot, whatever it is asked."""


class ForeignDirectoryError(GatewayRefusedError):
    """The gateway holds another directory and was not told to replace it."""

    code = "foreign_directory"


class UnknownBaseError(GatewayRefusedError):
    """The changes do not start from what the gateway has: send the whole snapshot."""

    code = "unknown_base"


_REFUSALS = {refusal.code: refusal for refusal in (ForeignDirectoryError, UnknownBaseError)}


@dataclass(frozen=True, slots=True)
class HeldDirectory:
    """Which directory the gateway holds."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Status:
    """What the gateway says about itself."""

    version: str
    directory: HeldDirectory | None
    revision: int | None
    live_revision: int | None
    problem: str | None
    kamailio_connected: bool

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """GatewayUnexpectedError when a field is missing or of another type."""
        held = get_value(data, "directory", dict, type(None))
        return cls(
            version=get_value(data, "version", str),
            directory=held and HeldDirectory(get_value(held, "id", str), get_value(held, "name", str)),
            revision=get_value(data, "revision", int, type(None)),
            live_revision=get_value(data, "live_revision", int, type(None)),
            problem=get_value(data, "problem", str, type(None)),
            kamailio_connected=get_value(get_value(data, "kamailio", dict), "connected", bool),
        )


@dataclass(frozen=True, slots=True)
class Applied:
    """The revision that a push led to, and whether it was read back already."""

    revision: int
    live: bool


@dataclass(frozen=True, slots=True)
class Media:
    """What is no JSON."""

    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message of an event stream."""

    directory_id: str | None


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One numbered event; `event` has the form of docs/architecture.md §4."""

    stream: str
    number: int
    event: dict[str, Any]


class GatewayClient:
    """One gateway. The session is borrowed. Calls raise GatewayError and nothing else."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        """ValueError when check_url or check_token says so."""
        self._session = session
        self._api = check_url(url) / "v1"
        self._headers = {"Authorization": f"Bearer {check_token(token)}"}

    async def status(self) -> Status:
        """What it holds and whether that is live."""
        return Status.from_json(await self.request("GET", "status"))

    async def put_snapshot(self, snapshot: bytes, *, adopt: bool = False) -> Applied:
        """Send the whole directory; `adopt` replaces a foreign one."""
        return await self._push("PUT", snapshot, {"adopt": "true"} if adopt else {})

    async def patch_snapshot(self, changes: bytes) -> Applied:
        """Send the changes since a base; UnknownBaseError when the gateway is elsewhere."""
        return await self._push("PATCH", changes, {})

    async def events(self, after: tuple[str, int] | None) -> AsyncGenerator[Hello | StreamEvent]:
        """The events after a cursor (stream, number), oldest first, then live ones, until the gateway ends the stream."""
        query = {"stream": after[0], "after": str(after[1])} if after else {}
        async with await self._open_stream(query) as websocket:
            async for message in websocket:
                yield _stream_message(message)

    async def _open_stream(self, query: Mapping[str, str]) -> aiohttp.ClientWebSocketResponse:
        with _network_errors():
            async with asyncio.timeout(CONNECT_SECONDS):
                return await self._session.ws_connect(
                    (self._api / "events").with_query(query),
                    headers=self._headers,
                    timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS),
                    heartbeat=HEARTBEAT_SECONDS,
                    max_msg_size=MAX_EVENT,
                )

    async def _push(self, method: str, body: bytes, query: Mapping[str, str]) -> Applied:
        content = Media("application/json", body)
        answer = await self.request(method, "snapshot", query=query, content=content, within=SNAPSHOT_TIMEOUT)
        return Applied(get_value(answer, "revision", int), get_value(answer, "live", bool))

    async def request(
        self,
        method: str,
        path: str,
        *,
        within: aiohttp.ClientTimeout = STATUS_TIMEOUT,
        query: Mapping[str, str] | None = None,
        content: Media | None = None,
        limit: int = MAX_ANSWER,
    ) -> dict[str, Any]:
        """A JSON object; an empty one when there is nothing to answer."""
        async with self._send(method, path, within=within, query=query, content=content) as response:
            body = await _read_bounded(response.content, limit)
            return {} if response.status == HTTPStatus.NO_CONTENT else _object(body)

    async def fetch(self, path: str, *, within: aiohttp.ClientTimeout, limit: int) -> Media:
        """A file of at most `limit` bytes."""
        async with self._send("GET", path, within=within) as response:
            return Media(response.content_type, await _read_bounded(response.content, limit))

    @asynccontextmanager
    async def _send(
        self,
        method: str,
        path: str,
        *,
        within: aiohttp.ClientTimeout,
        query: Mapping[str, str] | None = None,
        content: Media | None = None,
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        """A response that is no refusal."""
        with _network_errors():
            async with self._session.request(
                method,
                (self._api / path).with_query(query),
                headers=self._headers | ({"Content-Type": content.media_type} if content else {}),
                data=io.BytesIO(content.data) if content else None,
                timeout=within,
                allow_redirects=False,
            ) as response:
                if response.status not in _DONE:
                    raise _refusal(response.status, await _read_bounded(response.content, MAX_ANSWER))
                yield response


def check_url(text: str) -> URL:
    """The address of a gateway; ValueError unless it is http or https, a host, at most a port and a path."""
    url = URL(text.strip())
    if len(text) > MAX_URL or url.scheme not in ("http", "https") or not url.host:
        raise ValueError("The address of a gateway looks like http://192.0.2.10:8125.")
    if url.user or url.password or url.query_string or url.fragment:
        raise ValueError("The address of a gateway has no user name, question mark or # part.")
    return url


def check_token(text: str) -> str:
    """A token that can stand in a header; else ValueError."""
    if not _TOKEN.fullmatch(token := text.strip()):
        raise ValueError("A token consists of 1 to 512 visible ASCII characters.")
    return token


@contextmanager
def _network_errors() -> Iterator[None]:
    try:
        yield
    except aiohttp.WSServerHandshakeError as error:
        if error.status in _NOT_AUTHORIZED:
            raise GatewayUnauthorizedError("The gateway does not accept the token.") from error
        raise GatewayUnexpectedError(f"The event stream was answered with HTTP status {error.status}.") from error
    except TimeoutError as error:
        raise GatewayUnreachableError("The gateway did not answer in time.") from error
    except (aiohttp.ClientError, OSError) as error:
        raise GatewayUnreachableError(f"The gateway could not be reached: {error}") from error


async def _read_bounded(content: aiohttp.StreamReader, limit: int) -> bytes:
    body = bytearray()
    async for chunk in content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > limit:
            raise GatewayUnexpectedError(f"The answer is larger than {limit} bytes.")
    return bytes(body)


def _refusal(status: int, body: bytes) -> GatewayError:
    if status in _NOT_AUTHORIZED:
        return GatewayUnauthorizedError("The gateway does not accept the token.")
    answer = _object(body)
    message, reason = get_value(answer, "message", str)[:MAX_MESSAGE], get_value(answer, "code", str)[:MAX_MESSAGE]
    refusal = _REFUSALS.get(reason, GatewayRefusedError)
    return refusal(message, reason=reason, status=status, fields=_bad_fields(answer.get("fields")))


def _bad_fields(fields: object) -> list[dict[str, str]]:
    names = ("code", "path", "message")
    listed = fields[:MAX_FIELDS] if isinstance(fields, list) else []
    return [
        {name: str(field.get(name, ""))[:MAX_MESSAGE] for name in names} for field in listed if isinstance(field, dict)
    ]


def _stream_message(message: aiohttp.WSMessage) -> Hello | StreamEvent:
    if message.type is not aiohttp.WSMsgType.TEXT:
        raise GatewayUnreachableError("The event stream broke off.")
    data = _object(message.data)
    match get_value(data, "type", str):
        case "hello":
            return Hello(get_value(data, "directory_id", str, type(None)))
        case "event":
            return StreamEvent(
                get_value(data, "stream", str), get_value(data, "number", int), get_value(data, "event", dict)
            )
        case other:
            raise GatewayUnexpectedError(f"The event stream carries a message of type {other[:64]!r}.")


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GatewayUnexpectedError("The answer is not JSON.") from error
    if not isinstance(data, dict):
        raise GatewayUnexpectedError("The answer is not a JSON object.")
    return data


def get_value(data: Mapping[str, Any], name: str, *types: type) -> Any:
    """A field of an answer; GatewayUnexpectedError when it is missing or of another type."""
    value = data.get(name)
    if type(value) not in types:
        raise GatewayUnexpectedError(f"The answer has no right {name!r}.")
    return value

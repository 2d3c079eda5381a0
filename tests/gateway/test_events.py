# SPDX-License-Identifier: Apache-2.0
"""The event log and its WebSocket, with rows that a test writes in Kamailio's place."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from contextlib import asynccontextmanager
from pathlib import Path
import socket
import time
from typing import Any

import aiohttp
import pytest
from stack.gateway import Gateway
from stack.waiting import wait_until

from . import outbox
from .client import ask, put
from .conftest import StartGateway
from .snapshots import DIRECTORY, DOOR, object_id, whole


class Events:
    """A consumer of /v1/events."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self) -> Any:
        return await self.socket.receive_json(timeout=20)

    async def numbers(self, count: int) -> list[int]:
        return [(await self.next())["number"] for _ in range(count)]

    async def closed(self) -> int | None:
        """Read to the end and return its code."""
        while (await self.socket.receive(timeout=20)).type not in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED):
            pass
        return self.socket.close_code


@asynccontextmanager
async def subscribe(gateway: Gateway, query: str = "", **options: Any) -> AsyncIterator[Events]:
    async with (
        aiohttp.ClientSession(headers=gateway.headers | options.pop("headers", {})) as session,
        session.ws_connect(f"{gateway.url}/v1/events{query}", **options) as connected,
    ):
        yield Events(connected)


async def logged(gateway: Gateway, number: int) -> str:
    """Wait until the log has so many events; return its stream."""

    async def reached() -> bool:
        return bool((await gateway.status())["events"]["last"] == number)

    await wait_until(reached, what=f"event {number}")
    return str((await gateway.status())["events"]["stream"])


async def test_hello_then_live_events(gateway: Gateway) -> None:
    await put(gateway, whole(7))
    async with subscribe(gateway) as events:
        hello = await events.next()
        assert hello == {"type": "hello", "stream": hello["stream"], "last": 0, "directory_id": DIRECTORY["id"]}
        outbox.add(gateway.data_folder, outbox.row(1))
        event = await events.next()
        assert (event["type"], event["stream"], event["number"]) == ("event", hello["stream"], 1)
        assert event["event"]["call_id"] == "call-1"
        assert event["event"]["at"] == "2023-11-14T22:13:20.000000Z"


async def test_keys_become_ids(gateway: Gateway, folder: Path) -> None:
    await put(gateway, whole(7))
    keys = outbox.keys(folder / "data")
    row = outbox.row(
        1,
        type="incoming",
        caller=keys[DOOR],
        unit=keys[object_id(3, 1)],
        dialled_hex=b"A1".hex(),
        sip_call_id_hex=b"x'),('{\"forged\":1}')--".hex(),
        steps=f"{keys[object_id(5)]}~r,30,s,panel-1",
    )
    outbox.add(gateway.data_folder, row)
    async with subscribe(gateway) as events:
        await events.next()
        event = (await events.next())["event"]
    assert event["caller"] == {"account_id": DOOR, "username": "door", "kind": "door", "name": "door"}
    assert (event["site_id"], event["building_id"], event["unit_id"]) == (object_id(1), object_id(2), object_id(3, 1))
    assert (event["dialled"], event["sip_call_id"]) == ("A1", "x'),('{\"forged\":1}')--")
    assert event["steps"][0]["rule_id"] == object_id(5)
    assert event["steps"][0]["usernames"] == ["panel-1"]


async def test_a_cursor_continues_after_its_event(gateway: Gateway) -> None:
    outbox.add_numbered(gateway.data_folder, 1, 1500)
    stream = await logged(gateway, 1500)
    for query, first in (
        (f"?stream={stream}&after=0", 1),
        (f"?stream={stream}&after=700", 701),
        (f"?stream={stream}&after=1499", 1500),
        ("", 1),
        ("?after=700", 1),
        (f"?stream={object_id(0)}&after=700", 1),
    ):
        async with subscribe(gateway, query) as events:
            await events.next()
            count = 1500 - first + 1
            assert await events.numbers(count) == list(range(first, 1501)), query
    async with subscribe(gateway, f"?stream={stream}&after=1500") as events:
        await events.next()
        outbox.add(gateway.data_folder, outbox.row(1501))
        assert await events.numbers(1) == [1501]


async def test_several_consumers_get_everything_while_it_happens(gateway: Gateway) -> None:
    async with subscribe(gateway) as one, subscribe(gateway) as two:
        await one.next()
        await two.next()
        for first in range(1, 300, 10):
            outbox.add_numbered(gateway.data_folder, first, first + 9)
        assert await one.numbers(300) == list(range(1, 301))
        assert await two.numbers(300) == list(range(1, 301))


async def test_malformed_rows_are_dropped_and_block_nothing(gateway: Gateway) -> None:
    good = outbox.row(1)
    outbox.add(gateway.data_folder, good, "", "{", "[]", good.replace("ended", "exploded"), "x" * 100_000, good)
    async with subscribe(gateway) as events:
        await events.next()
        assert await events.numbers(2) == [1, 2]
    assert gateway.log.read_text().count("malformed event dropped") == 5


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "", "9" * 30])
async def test_bad_cursors(gateway: Gateway, after: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        async with subscribe(gateway, f"?after={after}"):
            pass
    assert error.value.status == 400


async def test_web_pages_may_not_open_it(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(allowed_origins="https://home.example https://other.example")
    for origin in ("https://evil.example", "null", "https://home.example.evil"):
        with pytest.raises(aiohttp.WSServerHandshakeError) as error:
            async with subscribe(gateway, origin=origin):
                pass
        assert error.value.status == 403
    async with subscribe(gateway, origin="https://other.example") as events:
        assert (await events.next())["type"] == "hello"


async def test_without_upgrade_or_token(gateway: Gateway) -> None:
    assert (await ask(gateway, "GET", "/v1/events")).code == "upgrade_required"
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        async with subscribe(gateway, headers={"Authorization": "Bearer wrong"}):
            pass
    assert error.value.status == 401


async def test_what_a_client_says_is_dropped_and_bounded(gateway: Gateway) -> None:
    async with subscribe(gateway) as events:
        await events.next()
        for _ in range(100):
            await events.socket.send_str("x" * 1000)
        outbox.add(gateway.data_folder, outbox.row(1))
        assert await events.numbers(1) == [1]
        await events.socket.send_str("x" * 5000)
        assert await events.closed() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_a_silent_consumer_is_kept_by_pings(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(idle_seconds=2)
    async with subscribe(gateway) as events:
        await events.next()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(events.socket.receive(), 5)
        outbox.add(gateway.data_folder, outbox.row(1))
        assert await events.numbers(1) == [1]


async def test_a_dead_consumer_is_left(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(idle_seconds=2, max_connections=1)
    reader, writer = await wait_until(lambda: raw_subscribe_if_free(gateway), what="the only connection")
    with contextlib.suppress(ConnectionResetError):
        await asyncio.wait_for(reader.read(), 20)  # never answers a ping; returns when the gateway has gone
    writer.close()
    await wait_until(lambda: is_free(gateway), what="the only connection for another")


async def is_free(gateway: Gateway) -> bool:
    """Whether the gateway has a connection left; it learns a moment later than the client that one has ended."""
    try:
        return bool((await gateway.status())["version"])
    except aiohttp.ClientConnectionError:
        return False


async def raw_subscribe_if_free(gateway: Gateway) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
    try:
        return await raw_subscribe(gateway)
    except ConnectionResetError, asyncio.IncompleteReadError:
        return None


async def raw_subscribe(gateway: Gateway) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A WebSocket that only the test reads, with as small a window as there is."""
    bare = socket.socket()
    bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    bare.setblocking(False)
    await asyncio.get_running_loop().sock_connect(bare, ("127.0.0.1", gateway.port))
    reader, writer = await asyncio.open_connection(sock=bare, limit=4096)
    writer.write(
        b"GET /v1/events HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer " + gateway.token.encode() + b"\r\n\r\n"
    )
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
    return reader, writer


async def test_a_slow_reader_is_closed_and_delays_nobody(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(send_seconds=1, event_queue=50)
    _, slow = await raw_subscribe(gateway)
    written = 0
    async with subscribe(gateway) as quick:
        await quick.next()
        while "is closed" not in gateway.log.read_text():
            outbox.add_numbered(gateway.data_folder, written + 1, written + 40, sip_call_id_hex="41" * 7000)
            assert await quick.numbers(40) == list(range(written + 1, written + 41))
            written += 40
            assert written < 20_000, "nobody was closed"
    slow.close()


async def test_the_stream_survives_restarts(start_gateway: StartGateway) -> None:
    gateway = await start_gateway()
    outbox.add_numbered(gateway.data_folder, 1, 3)
    stream = await logged(gateway, 3)
    await gateway.kill()
    outbox.add_numbered(gateway.data_folder, 4, 5)
    await gateway.start()
    assert await logged(gateway, 5) == stream
    async with subscribe(gateway, f"?stream={stream}&after=2") as events:
        await events.next()
        assert [(await events.next())["event"]["call_id"] for _ in range(3)] == ["call-3", "call-4", "call-5"]


async def test_a_lost_gateway_file_is_a_new_stream(start_gateway: StartGateway, folder: Path) -> None:
    gateway = await start_gateway()
    outbox.add_numbered(gateway.data_folder, 1, 3)
    stream = await logged(gateway, 3)
    await gateway.stop()
    for file in (folder / "data").glob("gateway.sqlite*"):
        file.unlink()
    await gateway.start()
    outbox.add(gateway.data_folder, outbox.row(4))
    assert await logged(gateway, 4) != stream
    async with subscribe(gateway, f"?stream={stream}&after=3") as events:
        await events.next()
        assert await events.numbers(4) == [1, 2, 3, 4]


async def test_a_removed_outbox_is_made_again(gateway: Gateway, folder: Path) -> None:
    outbox.add_numbered(gateway.data_folder, 1, 3)
    stream = await logged(gateway, 3)
    for file in (folder / "data").glob("events.sqlite*"):
        file.unlink()
    await wait_until((folder / "data" / "events.sqlite").exists, what="a new events.sqlite")
    await wait_until(lambda: outbox.is_ready(gateway.data_folder), what="its table")
    outbox.add_numbered(gateway.data_folder, 1, 2)
    assert await logged(gateway, 5) == stream


async def test_old_events_go(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(event_log_rows=100, event_queue=10)
    outbox.add_numbered(gateway.data_folder, 1, 950)
    await logged(gateway, 950)
    async with subscribe(gateway) as events:
        await events.next()
        assert await events.numbers(100) == list(range(851, 951))


async def test_sigterm_says_goodbye(start_gateway: StartGateway) -> None:
    gateway = await start_gateway()
    async with subscribe(gateway) as events:
        await events.next()
        began = time.monotonic()
        stopping = asyncio.create_task(gateway.stop())
        assert await events.closed() == aiohttp.WSCloseCode.GOING_AWAY
        assert await stopping == 0
        assert time.monotonic() - began < 5

# SPDX-License-Identifier: Apache-2.0
"""GET /v1/sip: who may speak to Kamailio's WebSocket, and what becomes of the frames."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import WSMsgType
import pytest
from stack.gateway import Gateway
from stack.kamailio import Kamailio, RpcError
from stack.ports import free_port
from stack.waiting import wait_until

from tests.kamailio.sip_client import Reply, SipClient

from .client import ask, put
from .conftest import StartGateway
from .sessions import client, create, expire
from .snapshots import changes, panel, whole
from .websocket_server import WebSocketServer

SESSION_ENDED = 4401


@pytest.fixture
async def server() -> AsyncIterator[WebSocketServer]:
    """In Kamailio's place."""
    async with WebSocketServer() as started:
        yield started


@pytest.fixture
async def gateway(start_gateway: StartGateway, server: WebSocketServer) -> Gateway:
    gateway = await start_gateway(sip_websocket=server.address, allowed_origins="https://home.example")
    await put(gateway, whole(1))
    return gateway


@asynccontextmanager
async def connect(
    gateway: Gateway, path: str = "/v1/sip", headers: dict[str, str] | None = None, **options: Any
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """By the token, or with the `path` of a session without it."""
    chosen = gateway.headers if "session=" not in path else {}
    protocols = options.pop("protocols", ("sip",))
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(
            gateway.url + path, headers=chosen | (headers or {}), protocols=protocols, max_msg_size=1 << 20, **options
        ) as socket,
    ):
        yield socket


async def status_of(gateway: Gateway, path: str = "/v1/sip", **options: Any) -> int:
    """Return the status code of an upgrade that is refused, 101 of one that is not."""
    try:
        async with connect(gateway, path, **options):
            return 101
    except aiohttp.WSServerHandshakeError as refusal:
        return refusal.status


async def close_code(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    message = await socket.receive(timeout=20)
    assert message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING), message
    return socket.close_code


async def test_frames_pass_untouched(gateway: Gateway, server: WebSocketServer) -> None:
    session = await create(gateway)
    for path in ("/v1/sip", session["path"]):
        async with connect(gateway, path) as socket:
            assert socket.protocol == "sip"
            kamailio = await server.opened.get()
            assert kamailio.ws_protocol == "sip"
            await socket.send_str("OPTIONS sip:ä SIP/2.0\r\n\r\n")
            await socket.send_bytes(b"\xff\x00")
            assert (await server.received.get()).data == "OPTIONS sip:ä SIP/2.0\r\n\r\n"
            assert (await server.received.get()).data == b"\xff\x00"
            await kamailio.send_str("\r\n\r\n")
            await kamailio.send_bytes(b"\x80")
            assert (await socket.receive(timeout=20)).data == "\r\n\r\n"
            assert (await socket.receive(timeout=20)).data == b"\x80"


async def test_both_sides_go_together(gateway: Gateway, server: WebSocketServer) -> None:
    async with connect(gateway):
        await server.opened.get()
    await wait_until(lambda: server.closed == 1, what="the end on Kamailio's side")
    async with connect(gateway) as socket:
        kamailio = await server.opened.get()
        await kamailio.close()
        assert await close_code(socket) == 1013


async def test_it_asks_before_kamailio_does(start_gateway: StartGateway, server: WebSocketServer) -> None:
    """Kamailio, which asks after PING_SECONDS of silence, closes some of those that answer within microseconds."""
    gateway = await start_gateway(sip_websocket=server.address, idle_seconds=3600)
    async with connect(gateway):
        await asyncio.wait_for(server.pings.get(), 25)


async def test_who_may_come(gateway: Gateway) -> None:
    session = await create(gateway)
    token = session["path"]
    assert await status_of(gateway, "/v1/sip?session=") == 401
    assert await status_of(gateway, token[:-1]) == 401
    assert await status_of(gateway, "/v1/sip?session=" + session["password"]) == 401
    assert await status_of(gateway, "/v1/sip?session=" + session["session_id"]) == 401
    assert await status_of(gateway, headers={"Authorization": "Bearer wrong"}) == 401
    assert await status_of(gateway, token, protocols=()) == 400
    assert await status_of(gateway, token, protocols=("other",)) == 400
    assert await status_of(gateway, token, headers={"Origin": "https://evil.example"}) == 403
    assert await status_of(gateway, token, headers={"Origin": "https://home.example"}) == 101
    assert (await ask(gateway, "GET", token, headers={})).status == 426
    for path in ("/v1/status", "/v1/events", "/v1/sessions"):
        assert (await ask(gateway, "GET", path + "?" + token.partition("?")[2], headers={})).status == 401


async def test_not_longer_than_its_session(gateway: Gateway, server: WebSocketServer) -> None:
    revoked, expired, disabled, kept = [await create(gateway) for _ in range(3)] + [
        await create(gateway, "4" + f"{2:025d}")
    ]
    async with (
        connect(gateway, revoked["path"]) as first,
        connect(gateway, expired["path"]) as second,
        connect(gateway, disabled["path"]) as third,
        connect(gateway, kept["path"]) as last,
        connect(gateway) as by_token,
    ):
        await ask(gateway, "DELETE", f"/v1/sessions/{revoked['session_id']}")
        assert await close_code(first) == SESSION_ENDED
        expire(gateway.data_folder, expired)
        assert await close_code(second) == SESSION_ENDED
        await ask(gateway, "PATCH", "/v1/snapshot", json=changes(1, 2, accounts=[panel(1, enabled=False)]))
        assert await close_code(third) == SESSION_ENDED
        for socket in (last, by_token):
            await socket.send_str("still here")
            assert (await server.received.get()).data == "still here"
    for session in (revoked, expired, disabled):
        assert await status_of(gateway, session["path"]) == 401
    await wait_until(lambda: server.closed == 5, what="the ends on Kamailio's side")


async def test_long_frames_end_it(gateway: Gateway, server: WebSocketServer) -> None:
    async with connect(gateway) as socket:
        await socket.send_str("x" * 65536)
        assert len((await server.received.get()).data) == 65536
        await socket.send_str("x" * 65537)
        assert await close_code(socket) == 1009
    async with connect(gateway) as socket:
        kamailio = [await server.opened.get() for _ in range(2)][-1]
        await kamailio.send_str("x" * 65537)
        assert await close_code(socket) == 1013


async def test_without_kamailio(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(sip_websocket="127.0.0.1:1")
    assert await status_of(gateway) == 503


async def test_kamailio_that_does_not_speak_sip(start_gateway: StartGateway) -> None:
    async with WebSocketServer(protocols=()) as other:
        gateway = await start_gateway(sip_websocket=other.address)
        assert await status_of(gateway) == 503


async def test_so_many_and_no_more(start_gateway: StartGateway, server: WebSocketServer) -> None:
    gateway = await start_gateway(sip_websocket=server.address, max_sip_connections=2, max_connections=4)
    async with connect(gateway), connect(gateway):
        assert await status_of(gateway) == 503
        async with aiohttp.ClientSession() as session:
            for _ in range(3):  # they take no place of the API's
                async with session.get(gateway.url + "/v1/health") as answer:
                    assert answer.status == 200


async def test_a_side_that_takes_nothing_is_left(start_gateway: StartGateway) -> None:
    async with WebSocketServer(reads=False) as server:
        gateway = await start_gateway(sip_websocket=server.address, send_seconds=1)

        async def flood() -> None:
            async with connect(gateway) as socket:
                for _ in range(10_000):
                    await socket.send_str("x" * 60_000)

        with pytest.raises((ConnectionError, aiohttp.ClientError)):
            await asyncio.wait_for(flood(), 30)


async def test_told_when_the_gateway_stops(gateway: Gateway, server: WebSocketServer) -> None:
    async with connect(gateway) as socket:
        await server.opened.get()
        stopped = asyncio.create_task(gateway.stop())
        assert await close_code(socket) == 1001
        assert await asyncio.wait_for(stopped, 20) == 0


async def test_idle_ones_cost_little(start_gateway: StartGateway, server: WebSocketServer) -> None:
    gateway = await start_gateway(sip_websocket=server.address)

    def resident() -> int:
        lines = Path(f"/proc/{gateway.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(headers=gateway.headers, connector=connector) as session:
        first = await session.ws_connect(gateway.url + "/v1/sip", protocols=("sip",))
        before = resident()
        sockets = [await session.ws_connect(gateway.url + "/v1/sip", protocols=("sip",)) for _ in range(200)]
        each = (resident() - before) / len(sockets)
        assert each < 64
        for socket in (first, *sockets):
            await socket.close()


async def register(socket: aiohttp.ClientWebSocketResponse, device: SipClient) -> int:
    """Sign in over a WebSocket; return the final code."""
    contact = f"Contact: <sip:{device.username}@127.0.0.1:{device.port};transport=ws>"

    async def ask_for(*headers: str, cseq: int) -> Reply:
        request = device.message("REGISTER", None, contact, *headers, to="sip:panel-1@home.example", cseq=cseq)
        await socket.send_str(request.replace("SIP/2.0/UDP", "SIP/2.0/WS"))
        return Reply((await socket.receive(timeout=20)).data)

    challenge = (await ask_for(cseq=1)).challenge()
    return (await ask_for(device.credentials("REGISTER", challenge), cseq=2)).code


async def test_a_session_signs_in_through_it(start_gateway: StartGateway, folder: Path) -> None:
    port = free_port()
    gateway = await start_gateway(sip_websocket=f"127.0.0.1:{port}")
    await put(gateway, whole(1))
    session = await create(gateway)
    async with Kamailio(folder / "data", folder / "run", settings={"WS_PORT": port}) as kamailio:
        with client(kamailio, session) as device:
            async with connect(gateway, session["path"]) as socket:
                assert await register(socket, device) == 200

                async def registered() -> bool:
                    sessions = (await ask(gateway, "GET", "/v1/sessions")).json["sessions"]
                    return [entry["registered"] for entry in sessions] == [True]

                await wait_until(registered, what="the registration in the list of sessions")
                assert (await ask(gateway, "DELETE", f"/v1/sessions/{session['session_id']}")).status == 204
                assert await close_code(socket) == SESSION_ENDED
            async with connect(gateway) as socket:
                assert await register(socket, device) == 401
        with pytest.raises(RpcError):
            await kamailio.rpc("ul.lookup", "location", "panel-1")

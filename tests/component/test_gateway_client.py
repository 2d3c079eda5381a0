# SPDX-License-Identifier: Apache-2.0
"""The client by itself: what it sends, and that no answer gets past it unchecked."""

from collections.abc import AsyncIterator
from contextlib import aclosing
import json
import socket

import aiohttp
from aiohttp import web
import pytest

from custom_components.neolia_intercom import gateway_client
from custom_components.neolia_intercom.gateway_client import (
    Applied,
    ForeignDirectoryError,
    GatewayClient,
    GatewayError,
    GatewayRefusedError,
    GatewayUnauthorizedError,
    GatewayUnexpectedError,
    GatewayUnreachableError,
    HeldDirectory,
    Hello,
    StreamEvent,
    UnknownBaseError,
    check_token,
    check_url,
)

from .fake_gateway import NOUNS, TOKEN, FakeGateway

OURS = {"id": "01J0000000000000000000DIR1", "name": "Home", "realm": "home.example.org"}
GOOD_STATUS = {
    "version": "0.1.0",
    "directory": OURS,
    "revision": 7,
    "live_revision": 6,
    "problem": "Kamailio does not answer.",
    "kamailio": {"connected": False, "version": None},
}


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def client(session: aiohttp.ClientSession, gateway: FakeGateway) -> GatewayClient:
    return GatewayClient(session, gateway.url, TOKEN)


def snapshot(revision: int = 1, directory: dict[str, str] = OURS) -> bytes:
    whole = {"format": 1, "directory": directory, "revision": revision, **{noun: [] for noun in NOUNS}}
    return json.dumps(whole).encode()


def changes(base: int, revision: int) -> bytes:
    change = {"directory_id": OURS["id"], "base_revision": base, "revision": revision}
    return json.dumps({"format": 1, **change, "changed": {}, "removed": {}}).encode()


async def test_status_of_an_empty_gateway(client: GatewayClient) -> None:
    status = await client.status()
    assert (status.version, status.directory, status.revision, status.live_revision) == ("0.1.0", None, None, None)
    assert status.kamailio_connected


async def test_status_names_the_directory(client: GatewayClient, gateway: FakeGateway) -> None:
    gateway.answer = web.json_response(GOOD_STATUS)
    status = await client.status()
    assert status.directory == HeldDirectory(OURS["id"], "Home")
    assert (status.revision, status.live_revision, status.problem) == (7, 6, "Kamailio does not answer.")
    assert not status.kamailio_connected


async def test_whole_snapshot_then_changes(client: GatewayClient, gateway: FakeGateway) -> None:
    assert await client.put_snapshot(snapshot(1)) == Applied(1, True)
    gateway.reads_back = False
    assert await client.patch_snapshot(changes(1, 2)) == Applied(2, False)


async def test_changes_from_elsewhere(client: GatewayClient) -> None:
    await client.put_snapshot(snapshot(1))
    with pytest.raises(UnknownBaseError):
        await client.patch_snapshot(changes(5, 6))


async def test_a_foreign_directory_is_replaced_only_when_told(client: GatewayClient, gateway: FakeGateway) -> None:
    await client.put_snapshot(snapshot(1, OURS | {"id": "01J000000000000000000TEHR1"}))
    with pytest.raises(ForeignDirectoryError):
        await client.put_snapshot(snapshot(1))
    assert await client.put_snapshot(snapshot(1), adopt=True) == Applied(1, True)
    assert gateway.directory == OURS


async def test_a_large_snapshot_arrives(client: GatewayClient, gateway: FakeGateway) -> None:
    units = [{"id": f"{number:026}", "name": "x" * 1000} for number in range(5000)]
    body = json.dumps(json.loads(snapshot()) | {"units": units}).encode()
    assert len(body) > 5_000_000
    assert await client.put_snapshot(body) == Applied(1, True)
    assert len(gateway.objects["units"]) == 5000


async def test_wrong_token(session: aiohttp.ClientSession, gateway: FakeGateway) -> None:
    client = GatewayClient(session, gateway.url, "wrong")
    with pytest.raises(GatewayUnauthorizedError):
        await client.status()
    with pytest.raises(GatewayUnauthorizedError):
        await anext(client.events(None))


async def test_nobody_listens(session: aiohttp.ClientSession) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        client = GatewayClient(session, f"http://127.0.0.1:{free.getsockname()[1]}", TOKEN)
        with pytest.raises(GatewayUnreachableError, match="could not be reached"):
            await client.status()
        with pytest.raises(GatewayUnreachableError):
            await anext(client.events(None))


async def test_closed_without_an_answer(client: GatewayClient, gateway: FakeGateway) -> None:
    gateway.away = True
    with pytest.raises(GatewayUnreachableError):
        await client.status()


async def test_too_slow(client: GatewayClient, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_client, "SNAPSHOT_TIMEOUT", aiohttp.ClientTimeout(total=0.05))
    gateway.hold()
    with pytest.raises(GatewayUnreachableError, match="in time"):
        await client.put_snapshot(snapshot())


BAD_ANSWERS = {
    "a web page": web.Response(text="<html>It works!</html>", content_type="text/html"),
    "not UTF-8": web.Response(body=b"\xff\xfe\x00"),
    "nested without end": web.Response(body=b"[" * 100_000),
    "a list": web.json_response([]),
    "empty object": web.json_response({}),
    "revision is text": web.json_response(GOOD_STATUS | {"revision": "7"}),
    "revision is true": web.json_response(GOOD_STATUS | {"revision": True}),
    "directory without id": web.json_response(GOOD_STATUS | {"directory": {"name": "Home"}}),
    "kamailio is missing": web.json_response({**GOOD_STATUS, "kamailio": None}),
    "longer than allowed": web.Response(body=b" " * (gateway_client.MAX_ANSWER + 1)),
    "a redirect": web.Response(status=302, headers={"Location": "http://127.0.0.1:9/v1/status"}),
    "an error that is no JSON": web.Response(status=502, text="Bad Gateway"),
    "an error of another kind": web.json_response({"error": "teapot"}, status=418),
}


@pytest.mark.parametrize("answer", BAD_ANSWERS.values(), ids=BAD_ANSWERS.keys())
async def test_an_answer_that_is_no_gateways(client: GatewayClient, gateway: FakeGateway, answer: web.Response) -> None:
    gateway.answer = answer
    with pytest.raises(GatewayUnexpectedError):
        await client.status()


async def test_a_refusal_carries_the_gateways_words_but_not_endlessly(
    client: GatewayClient, gateway: FakeGateway
) -> None:
    gateway.answer = web.json_response({"code": "invalid", "message": "accounts[3]: " + "x" * 5000}, status=400)
    with pytest.raises(GatewayRefusedError, match=r"^accounts\[3\]") as caught:
        await client.put_snapshot(snapshot())
    assert len(str(caught.value)) == gateway_client.MAX_MESSAGE


async def test_events_from_the_beginning_and_live(client: GatewayClient, gateway: FakeGateway) -> None:
    await gateway.emit({"type": "incoming"})
    async with aclosing(client.events(None)) as messages:
        assert await anext(messages) == Hello(None)
        assert await anext(messages) == StreamEvent(gateway.stream, 1, {"type": "incoming"})
        await gateway.emit({"type": "answered"})
        assert await anext(messages) == StreamEvent(gateway.stream, 2, {"type": "answered"})
    assert gateway.cursors == [(None, None)]


async def test_an_event_stream_that_is_none(client: GatewayClient, gateway: FakeGateway) -> None:
    gateway.answer = web.Response(status=404)
    with pytest.raises(GatewayUnexpectedError, match="404"):
        await anext(client.events(None))


async def test_events_after_a_cursor(client: GatewayClient, gateway: FakeGateway) -> None:
    for kind in ("incoming", "answered", "ended"):
        await gateway.emit({"type": kind})
    async with aclosing(client.events((gateway.stream, 2))) as messages:
        assert isinstance(await anext(messages), Hello)
        assert await anext(messages) == StreamEvent(gateway.stream, 3, {"type": "ended"})


async def test_the_stream_ends_with_the_connection(client: GatewayClient, gateway: FakeGateway) -> None:
    async with aclosing(client.events(None)) as messages:
        await anext(messages)
        await gateway.drop_listeners()
        with pytest.raises(StopAsyncIteration):
            await anext(messages)


BAD_MESSAGES = {
    "not JSON": "hello?",
    "a list": "[]",
    "no type": "{}",
    "unknown type": '{"type": "goodbye"}',
    "number is text": '{"type": "event", "stream": "s", "number": "1", "event": {}}',
    "event is a list": '{"type": "event", "stream": "s", "number": 1, "event": []}',
    "binary": b"\x00",
    "longer than allowed": " " * (gateway_client.MAX_EVENT + 1),
}


@pytest.mark.parametrize("message", BAD_MESSAGES.values(), ids=BAD_MESSAGES.keys())
async def test_a_message_that_is_none(client: GatewayClient, gateway: FakeGateway, message: str | bytes) -> None:
    async with aclosing(client.events(None)) as messages:
        await anext(messages)
        await gateway.send_raw(message)
        with pytest.raises(GatewayError):
            await anext(messages)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("http://192.0.2.10:8088", "http://192.0.2.10:8088/v1/status"),
        (" https://gateway.example.org/neolia/ ", "https://gateway.example.org/neolia/v1/status"),
        ("http://[2001:db8::1]:8088", "http://[2001:db8::1]:8088/v1/status"),
    ],
)
def test_addresses(typed: str, address: str) -> None:
    assert str(check_url(typed) / "v1" / "status") == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "192.0.2.10:8088",
        "ftp://192.0.2.10",
        "http://",
        "http://user:secret@192.0.2.10",
        "http://192.0.2.10?token=secret",
        "http://192.0.2.10#top",
        "http://192.0.2.10:99999999",
        "http://" + "a" * 2000,
    ],
)
def test_no_addresses(typed: str) -> None:
    with pytest.raises(ValueError):
        check_url(typed)


@pytest.mark.parametrize("typed", ["", "two words", "line\r\nInjected: yes", "ключ", "x" * 513, "\x00"])
def test_no_tokens(typed: str) -> None:
    with pytest.raises(ValueError):
        check_token(typed)

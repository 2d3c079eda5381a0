# SPDX-License-Identifier: Apache-2.0
"""The border: what is not an honest request gets a clear answer or none, and the gateway goes on."""

import asyncio

import pytest
from stack.gateway import Gateway

from .client import ask
from .conftest import StartGateway
from .snapshots import whole


async def send(gateway: Gateway, data: bytes, *, half_close: bool = False) -> bytes:
    """Send bytes as they are and return everything until the gateway closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    try:
        writer.write(data)
        await writer.drain()
        if half_close:
            writer.write_eof()
        return await asyncio.wait_for(reader.read(), 20)
    finally:
        writer.close()


async def test_health_is_open_and_the_rest_is_not(gateway: Gateway) -> None:
    assert await ask(gateway, "GET", "/v1/health", {}) == (200, {"status": "ok"})
    for method, path in (
        ("GET", "/v1/status"),
        ("PUT", "/v1/snapshot"),
        ("PATCH", "/v1/snapshot"),
        ("GET", "/v1/registrations"),
        ("GET", "/v1/events"),
        ("GET", "/anything"),
    ):
        for headers in ({}, {"Authorization": "Bearer " + "x" * 43}, {"Authorization": gateway.token}):
            answer = await ask(gateway, method, path, headers)
            assert (answer.status, answer.code) == (401, "unauthorized"), (path, headers)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v1", 404),
        ("GET", "/v1/status/", 404),
        ("GET", "/v2/status", 404),
        ("GET", "/v1/..%2fstatus", 404),
        ("POST", "/v1/status", 405),
        ("DELETE", "/v1/snapshot", 405),
        ("GET", "/v1/snapshot", 405),
        ("OPTIONS", "/v1/health", 405),
        ("BREW", "/v1/status", 405),
    ],
)
async def test_unknown_paths_and_methods(gateway: Gateway, method: str, path: str, status: int) -> None:
    assert (await ask(gateway, method, path)).status == status


async def test_a_wrong_method_tells_the_right_ones(gateway: Gateway) -> None:
    answer = await send(
        gateway,
        b"POST /v1/snapshot HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Authorization: Bearer " + gateway.token.encode() + b"\r\n\r\n",
    )
    assert answer.startswith(b"HTTP/1.1 405")
    assert b"Allow: PUT, PATCH" in answer


async def test_huge_headers(gateway: Gateway) -> None:
    answer = await send(gateway, b"GET /v1/health HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 431")


async def test_a_huge_body(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(max_body_bytes=100_000)
    answer = await ask(gateway, "PUT", "/v1/snapshot", data=b"x" * 2_000_000)
    assert (answer.status, answer.code) == (413, "too_large")
    assert (await ask(gateway, "PUT", "/v1/snapshot", json=whole(1))).status == 200


async def test_a_body_of_unknown_length_is_limited_too(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(max_body_bytes=100_000)

    async def endless() -> object:
        for _ in range(200):
            yield b"x" * 10_000

    answer = await ask(gateway, "PUT", "/v1/snapshot", data=endless())
    assert answer.status == 413


async def test_slow_clients_are_left(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(header_seconds=1, body_seconds=1)
    token = gateway.token.encode()
    slow_header = send(gateway, b"GET /v1/hea")
    slow_body = send(
        gateway, b"PUT /v1/snapshot HTTP/1.1\r\nContent-Length: 9\r\nAuthorization: Bearer " + token + b"\r\n\r\n{"
    )
    assert set(await asyncio.gather(slow_header, slow_body)) == {b""}
    assert (await ask(gateway, "GET", "/v1/status")).status == 200


async def test_half_closed_clients_are_answered(gateway: Gateway) -> None:
    answer = await send(gateway, b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n", half_close=True)
    assert answer.startswith(b"HTTP/1.1 200")


async def test_clients_that_go_are_forgotten(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(max_connections=4)
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(
            b"PUT /v1/snapshot HTTP/1.1\r\nContent-Length: 99999\r\nAuthorization: Bearer "
            + gateway.token.encode()
            + b"\r\n\r\n{"
        )
        await writer.drain()
        writer.transport.abort()
        assert (await ask(gateway, "GET", "/v1/status")).status == 200


@pytest.mark.parametrize(
    "rubbish",
    [
        b"\x16\x03\x01\x02\x00",
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/3\r\n\r\n",
        b"INVITE sip:a SIP/2.0\r\n\r\n",
        b"GET /v1/health HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"\x00" * 10_000,
    ],
)
async def test_what_is_not_http(gateway: Gateway, rubbish: bytes) -> None:
    answer = await send(gateway, rubbish, half_close=True)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431"))
    assert (await ask(gateway, "GET", "/v1/health", {})).status == 200


async def test_secrets_stay_out_of_the_log(start_gateway: StartGateway) -> None:
    gateway = await start_gateway(log_level="debug")
    snapshot = whole(1)
    await ask(gateway, "PUT", "/v1/snapshot", json=snapshot)
    await ask(gateway, "PUT", "/v1/snapshot", data=b"\n forged level=info")
    await ask(gateway, "GET", "/v1/status", {"Authorization": "Bearer " + "s" * 30})
    log = gateway.log.read_text()
    assert "revision=1" in log
    for secret in (gateway.token, "s" * 30, *(account["ha1_md5"] for account in snapshot["accounts"])):
        assert secret not in log

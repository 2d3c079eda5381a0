# SPDX-License-Identifier: Apache-2.0
"""What an idle SIP WebSocket over TLS takes of memory: at Kamailio itself, and at the gateway's proxy."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, closing
from pathlib import Path

import aiohttp

from . import estates
from .load import ONE_SOURCE_IS_ALL
from .measured import Measured
from .scale import HOME, Scale
from .snapshot import DataPlane
from .usage import group_memory_kib, resident_mb

# Kamailio's own table of TCP connections holds 2048 by default.
ACCOUNTS = 20_000


async def measure(scale: Scale, folder: Path) -> dict[str, Measured]:
    async with AsyncExitStack() as stack:
        directory = stack.enter_context(closing(estates.create(folder / "directory.sqlite", HOME)))
        plane = DataPlane(folder, accounts=ACCOUNTS, settings=ONE_SOURCE_IS_ALL, secure=True)
        await plane.start(stack)
        await plane.publish(directory)

        async def shared_kib() -> float:
            return float((await plane.kamailio.rpc("core.shmmem", "b"))["real_used"]) / 1024

        async def gateway_kib() -> float:
            return resident_mb(plane.gateway.process.pid) * 1e6 / 1024

        async def kamailio_kib() -> float:
            return await shared_kib() + group_memory_kib(plane.kamailio.process.pid)

        direct = f"wss://127.0.0.1:{plane.wss_port}/"
        proxied = f"wss://127.0.0.1:{plane.gateway.port}/v1/sip"
        kamailio = await each(plane, direct, scale.connections, kamailio_kib)
        gateway = await each(plane, proxied, scale.connections, gateway_kib)
    detail = f"{scale.connections} connections, each with a SIP message that was answered"
    return {
        "wss-memory": Measured(kamailio, f"{detail}; shared memory, and private memory of all processes"),
        "proxy-memory": Measured(gateway, f"{detail}; the gateway's process, without Kamailio's side"),
    }


async def each(plane: DataPlane, url: str, count: int, memory: Callable[[], Awaitable[float]]) -> float:
    """KiB for one more connection; what the first ones bring with them is not counted."""
    async with AsyncExitStack() as stack:

        async def open_one() -> None:
            socket = await stack.enter_async_context(plane.session.ws_connect(url, protocols=("sip",)))
            await ask(socket)

        for _ in range(20):
            await open_one()
        before = await memory()
        for _ in range(count):
            await open_one()
        return (await memory() - before) / count


async def ask(socket: aiohttp.ClientWebSocketResponse) -> None:
    """An OPTIONS and its answer, so that the connection has what it needs to be used."""
    lines = (
        "OPTIONS sip:127.0.0.1 SIP/2.0",
        f"Via: SIP/2.0/WS bench.invalid;branch=z9hG4bK{id(socket)}",
        f"From: <sip:bench@127.0.0.1>;tag={id(socket)}",
        "To: <sip:127.0.0.1>",
        f"Call-ID: bench-{id(socket)}",
        "CSeq: 1 OPTIONS",
        "Max-Forwards: 5",
        "Content-Length: 0",
    )
    await socket.send_str("\r\n".join((*lines, "", "")))
    answer = await socket.receive_str(timeout=10)
    assert answer.startswith("SIP/2.0 200 "), answer

# SPDX-License-Identifier: Apache-2.0
"""All who come through the gateway's proxy have its address: each connection is a source of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
import time

import aiohttp
import pytest
from stack.gateway import Gateway
from stack.kamailio import Kamailio

from tests.kamailio.directories import Snapshot
from tests.kamailio.stream_clients import WebSocketClient
from tests.kamailio.tables import push

from .test_guard import GUESSES, PER_SECOND, WORKERS, answers_to, guess


class Proxy:
    """The gateway's, before Kamailio."""

    def __init__(self, gateway: Gateway, kamailio: Kamailio, stack: AsyncExitStack) -> None:
        self._gateway = gateway
        self._kamailio = kamailio
        self._stack = stack

    async def connect(self, username: str) -> WebSocketClient:
        session = await self._stack.enter_async_context(aiohttp.ClientSession(headers=self._gateway.headers))
        way = session.ws_connect(f"{self._gateway.url}/v1/sip", protocols=("sip",))
        return WebSocketClient(self._kamailio.server, username, await self._stack.enter_async_context(way))


@pytest.fixture
async def proxy(folder: Path, home: Snapshot) -> AsyncIterator[Proxy]:
    data, run = folder / "data", folder / "run"
    data.mkdir()
    run.mkdir()
    kamailio = Kamailio(data, run, settings={"STRANGERS_PER_SECOND": PER_SECOND})
    gateway = Gateway(data, run, settings={"sip_websocket": f"127.0.0.1:{kamailio.websocket_port}"})
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(gateway)
        await push(gateway, home)
        await stack.enter_async_context(kamailio)
        yield Proxy(gateway, kamailio, stack)


async def test_a_flood_through_it_is_not_answered_and_holds_up_nobody_else(proxy: Proxy) -> None:
    flooder, panel = await proxy.connect("x"), await proxy.connect("panel-1")
    began = time.time()
    flood = answers_to(flooder, [flooder.message("INVITE", "401") for _ in range(400)])
    answers, registered = await asyncio.gather(flood, panel.register())
    assert registered.code == 200
    assert answers <= (PER_SECOND + WORKERS) * (int(time.time()) - int(began) + 1)


async def test_who_guesses_through_it_is_silenced_and_nobody_else(proxy: Proxy) -> None:
    guesser, panel = await proxy.connect("panel-1"), await proxy.connect("panel-1")
    right = guesser.password
    guesser.password = "wrong"
    assert await guess(guesser, GUESSES + 2) == [401] * GUESSES + [None] * 2
    guesser.password = right
    assert await guess(guesser, 1) == [None]
    assert (await panel.register()).code == 200

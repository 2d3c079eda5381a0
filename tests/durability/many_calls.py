# SPDX-License-Identifier: Apache-2.0
"""Many calls while those who take their events go away and come back."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
import random

from _core import Directory
import aiohttp
from stack.gateway import Gateway
from stack.kamailio import Kamailio
from stack.sipp import Party, Sipp
from stack.waiting import wait_until

from tests.gateway import outbox
from tests.gateway.client import put
from tests.gateway.snapshots import whole

CALL = Path(__file__).parents[1] / "kamailio" / "parties" / "call.xml"
CALLS_PER_SECOND = 50
BATCH = 200


class HistoryKeeper:
    """Takes events into the directory as Home Assistant does: from where it stopped."""

    def __init__(self, directory: Directory, gateway: Gateway) -> None:
        self._directory = directory
        self._gateway = gateway

    async def follow(self) -> None:
        """Until the connection breaks."""
        cursor = self._directory.event_cursor()
        query = f"?stream={cursor[0]}&after={cursor[1]}" if cursor else ""
        async with (
            aiohttp.ClientSession(headers=self._gateway.headers) as session,
            session.ws_connect(f"{self._gateway.url}/v1/events{query}") as connected,
        ):
            async for message in connected:
                told = message.json()
                if told["type"] == "event":
                    self._directory.record_events(told["stream"], [(told["number"], told["event"])])

    async def follow_always(self) -> None:
        while True:
            with suppress(aiohttp.ClientError):
                await self.follow()
            await asyncio.sleep(0.05)


async def come_and_go(keeper: HistoryKeeper, gateway: Gateway, chance: random.Random) -> None:
    """Now Home Assistant is away, now the gateway: in order, or by a crash."""
    while True:
        following = asyncio.create_task(keeper.follow_always())
        await asyncio.sleep(chance.uniform(0.1, 0.8))
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await asyncio.sleep(chance.uniform(0, 0.3))
        if chance.random() < 0.5:
            await gateway.kill() if chance.random() < 0.5 else await gateway.stop()
            await asyncio.sleep(chance.uniform(0, 0.5))
            await gateway.start()


def dialled_in_order(directory: Directory) -> list[str]:
    """Of every call in the history, oldest first."""
    calls: list[str] = []
    page = directory.list_calls(1000)
    while page:
        calls += [str(call["dialled"]) for call in page]
        page = directory.list_calls(1000, before=page[-1]["sequence"])
    return calls[::-1]


@dataclass(frozen=True)
class Told:
    """What was dialled, in the order in which it was told."""

    history: list[str]
    """Of the directory."""
    log: list[str]
    """Of the gateway, which copies Kamailio's outbox in its order."""


async def call(directory: Directory, folder: Path, calls: int, chance: random.Random) -> Told:
    """Kamailio denies the calls to numbers(calls); `folder` has `data` and `run` in it."""
    gateway = Gateway(folder / "data", folder / "run")
    async with gateway, Kamailio(folder / "data", folder / "run") as kamailio:
        await put(gateway, whole(1))
        keeper = HistoryKeeper(directory, gateway)
        restless = asyncio.create_task(come_and_go(keeper, gateway, chance))
        for first in range(0, calls, BATCH):
            parties = [Party("door", "pw-door", number) for number in numbers(calls)[first : first + BATCH]]
            sipp = Sipp(CALL, kamailio.server, parties, folder / f"calls-{first}", rate=CALLS_PER_SECOND)
            if await sipp.play(seconds=50) != 0:
                raise RuntimeError(sipp.messages()[-4000:])
        await _cancel(restless)

        await gateway.stop()
        await gateway.start()
        following = asyncio.create_task(keeper.follow_always())
        with suppress(TimeoutError):
            await wait_until(lambda: len(dialled_in_order(directory)) >= calls, seconds=60, what="the whole history")
            await wait_until(lambda: has_all(directory, gateway), what="the last event")
        await _cancel(following)
    logged = [str(event["dialled"]) for event in outbox.logged(folder / "data")]
    return Told(dialled_in_order(directory), logged)


def numbers(calls: int) -> list[str]:
    return [str(10_000 + number) for number in range(calls)]


async def has_all(directory: Directory, gateway: Gateway) -> bool:
    cursor = directory.event_cursor()
    return cursor is not None and bool((await gateway.status())["events"]["last"] == cursor[1])


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

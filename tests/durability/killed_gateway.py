# SPDX-License-Identifier: Apache-2.0
"""A gateway that is killed again and again while it takes changes and copies events."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
import random

import aiohttp
from stack.gateway import Gateway
from stack.waiting import wait_until

from tests.gateway import outbox
from tests.gateway.client import patch, put
from tests.gateway.snapshots import changes, unit, whole

from .files import is_whole

LONGEST_LIFE = 0.15  # seconds of work before the kill
EVENTS_PER_LIFE = 20


@dataclass
class Administrator:
    """Sends one change after the other, and everything when the gateway asks for it, as it does after 200 changes."""

    acknowledged: int

    async def work(self, gateway: Gateway) -> None:
        while True:
            revision = self.acknowledged + 1
            changed = unit(1, do_not_disturb=revision % 2 == 1)
            answer = await patch(gateway, changes(self.acknowledged, revision, units=[changed]))
            if answer.status == 409:
                answer = await put(gateway, whole(revision, units=2) | {"units": [changed, unit(2)]})
            if answer.status != 200:
                raise RuntimeError(f"the gateway answered {answer}")
            self.acknowledged = revision


@dataclass(frozen=True)
class Losses:
    writes: int
    """Acknowledged changes that were gone afterwards."""
    events: int
    """Of the outbox, that are not in the log once and in their place."""
    files: int
    """Found damaged after a kill."""


async def kill(folder: Path, kills: int, chance: random.Random) -> Losses:
    """`folder` has `data` and `run` in it."""
    administrator = Administrator(1)
    writes = files = 0
    gateway = await Gateway(folder / "data", folder / "run").start()
    await put(gateway, whole(1))
    for number in range(kills):
        first = number * EVENTS_PER_LIFE + 1
        outbox.add_numbered(gateway.data_folder, first, first + EVENTS_PER_LIFE - 1)
        await _live_until_killed(gateway, administrator, chance.uniform(0, LONGEST_LIFE))
        files += sum(not is_whole(folder / "data" / f"{name}.sqlite") for name in ("gateway", "sip", "events"))
        gateway = await Gateway(folder / "data", folder / "run").start()
        revision = int((await gateway.status())["revision"])
        writes += max(0, administrator.acknowledged - revision)
        administrator.acknowledged = revision
    events = await _lost_events(gateway, kills * EVENTS_PER_LIFE)
    await gateway.stop()
    return Losses(writes, events, files)


async def _live_until_killed(gateway: Gateway, administrator: Administrator, life: float) -> None:
    work = asyncio.create_task(administrator.work(gateway))
    await asyncio.sleep(life)
    await gateway.kill()
    work.cancel()
    with suppress(aiohttp.ClientError, asyncio.CancelledError):
        await work


async def _lost_events(gateway: Gateway, written: int) -> int:
    with suppress(TimeoutError):
        await wait_until(lambda: len(outbox.logged(gateway.data_folder)) >= written, seconds=60, what="all events")
    logged = [event["call_id"] for event in outbox.logged(gateway.data_folder)]
    expected = [f"call-{number}" for number in range(1, written + 1)]
    in_place = sum(found == wanted for found, wanted in zip(logged, expected, strict=False))
    return max(written, len(logged)) - in_place

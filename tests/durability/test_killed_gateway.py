# SPDX-License-Identifier: Apache-2.0
"""A gateway that is killed again and again while it takes changes and copies events."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
import random

import aiohttp
import pytest
from stack.gateway import Gateway
from stack.waiting import wait_until

from tests.gateway import outbox
from tests.gateway.client import patch, put
from tests.gateway.snapshots import changes, unit, whole

from .conftest import StartGateway
from .files import is_whole

LONGEST_LIFE = 0.15  # seconds of work before the kill


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
            assert answer.status == 200
            self.acknowledged = revision


async def until_killed(gateway: Gateway, administrator: Administrator, life: float) -> None:
    work = asyncio.create_task(administrator.work(gateway))
    await asyncio.sleep(life)
    await gateway.kill()
    work.cancel()
    with pytest.raises((aiohttp.ClientError, asyncio.CancelledError)):
        await work


async def test_nothing_acknowledged_is_lost(start_gateway: StartGateway, folder: Path, kills: int) -> None:
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    gateway = await start_gateway()
    await put(gateway, whole(1))
    administrator = Administrator(1)
    events = 0
    for _ in range(kills):
        outbox.add_numbered(gateway.data_folder, events + 1, events + 20)
        events += 20
        await until_killed(gateway, administrator, chance.uniform(0, LONGEST_LIFE))
        for name in ("gateway.sqlite", "sip.sqlite", "events.sqlite"):
            assert is_whole(folder / "data" / name)
        gateway = await start_gateway()
        revision = (await gateway.status())["revision"]
        assert revision - administrator.acknowledged in (0, 1)
        administrator.acknowledged = revision

    assert not list((folder / "data").glob("*.corrupt"))
    await wait_until(lambda: len(outbox.logged(gateway.data_folder)) >= events, seconds=60, what="all events")
    ends = [event["call_id"] for event in outbox.logged(gateway.data_folder)]
    assert ends == [f"call-{number}" for number in range(1, events + 1)]

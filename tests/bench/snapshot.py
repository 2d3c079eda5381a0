# SPDX-License-Identifier: Apache-2.0
"""From the directory through the real gateway into a real Kamailio, and what that takes of memory."""

from contextlib import AsyncExitStack
from pathlib import Path
import statistics
import time
from typing import Any

from _core import Directory
import aiohttp
from stack.gateway import Gateway
from stack.kamailio import Kamailio, memory_options

from . import estates
from .directory import set_do_not_disturb
from .measured import Measured, percentile
from .resident import resident_mb
from .scale import HOME, Scale


class DataPlane:
    """A gateway and its Kamailio, filled from a directory the way Home Assistant does it."""

    def __init__(self, folder: Path, accounts: int) -> None:
        """Kamailio gets the memory that the rule gives it for so many accounts."""
        self.data, self.run = folder / "data", folder / "run"
        for part in (self.data, self.run):
            part.mkdir(parents=True, mode=0o700)
        self.gateway = Gateway(self.data, self.run)
        self.kamailio = Kamailio(self.data, self.run, accounts=accounts)

    async def start(self, stack: AsyncExitStack) -> None:
        """Start both; `stack` stops them."""
        stack.push_async_callback(self.gateway.stop)
        await self.gateway.start()
        stack.push_async_callback(self.kamailio.stop)
        await self.kamailio.start()
        headers = {"Authorization": f"Bearer {self.gateway.token}", "Content-Type": "application/json"}
        self._session = await stack.enter_async_context(aiohttp.ClientSession(self.gateway.url, headers=headers))

    async def send(self, method: str, snapshot: str) -> None:
        """PUT the whole or PATCH changes; returns when the gateway has read them back from Kamailio."""
        async with self._session.request(method, "/v1/snapshot", data=snapshot.encode()) as response:
            answer: dict[str, Any] = await response.json()
            if not answer.get("live"):
                raise RuntimeError(f"{method} /v1/snapshot: {response.status} {answer}")


async def measure(scale: Scale, folder: Path) -> dict[str, Measured]:
    home = await fill(folder / "h", HOME, 0)
    large = await fill(folder / "l", scale.large, scale.repetitions)
    changes = large["changes"]
    return {
        "snapshot-whole": Measured(large["whole"], f"{large['bytes'] / 1e6:.1f} MB of JSON, once"),
        "snapshot-change": Measured(
            statistics.median(changes) * 1e3,
            f"{len(changes)} changes, 99th percentile {percentile(changes, 99) * 1e3:.1f} ms",
        ),
        "gateway-memory-home": Measured(home["memory"], "resident, after the whole"),
        "gateway-memory-large": Measured(large["memory"], "resident, after the whole and the changes"),
        "shared-memory": Measured(
            large["shared_used"] / large["shared_given"],
            f"{large['shared_used'] / 1e6:.0f} of {large['shared_given'] / 1e6:.0f} MB",
        ),
    }


async def fill(folder: Path, size: estates.Size, repetitions: int) -> dict[str, Any]:
    """Fill a new data plane from a new directory, whole and then by single changes."""
    folder.mkdir()
    directory = estates.create(folder / "directory.sqlite", size)
    accounts = directory.info()["counts"]["accounts"]
    async with AsyncExitStack() as stack:
        stack.callback(directory.close)
        plane = DataPlane(folder, accounts)
        await plane.start(stack)

        began = time.perf_counter()
        whole = directory.snapshot()
        await plane.send("PUT", whole)
        seconds = time.perf_counter() - began
        changes = [await change(plane, directory, unit % size.units) for unit in range(repetitions)]
        shared = await plane.kamailio.rpc("core.shmmem", "b")
        return {
            "whole": seconds,
            "bytes": len(whole),
            "changes": changes,
            "memory": resident_mb(plane.gateway.process.pid),
            "shared_used": shared["real_used"],
            "shared_given": int(memory_options(accounts)[3]) * 2**20,
        }


async def change(plane: DataPlane, directory: Directory, unit: int) -> float:
    """Seconds from a change that is on disk to its reading back from Kamailio."""
    base = directory.info()["revision"]
    set_do_not_disturb(directory, unit, True)
    began = time.perf_counter()
    changes = directory.snapshot_changes(base)
    assert changes
    await plane.send("PATCH", changes)
    return time.perf_counter() - began

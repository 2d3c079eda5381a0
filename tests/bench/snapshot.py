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
from stack.ports import free_port

from tests.kamailio import certificates

from . import estates
from .directory import set_do_not_disturb
from .measured import Measured, percentile
from .scale import HOME, Scale
from .usage import resident_mb


class DataPlane:
    """A gateway and its Kamailio, filled from a directory the way Home Assistant does it."""

    def __init__(
        self, folder: Path, accounts: int, *, settings: dict[str, str | int] | None = None, secure: bool = False
    ) -> None:
        """Kamailio gets the memory that the rule gives it for so many accounts, and `settings`.

        `secure`: both listen by TLS, too, with `certificate`.
        """
        self.data, self.run = folder / "data", folder / "run"
        for part in (self.data, self.run):
            part.mkdir(parents=True, mode=0o700)
        self.certificate = certificates.make(self.run) if secure else None
        self.wss_port = free_port()
        tls: dict[str, str | int] = {}
        gateway: dict[str, str | int] = {}
        if self.certificate:
            configuration = str(self.certificate.configuration)
            tls = {"TLS_CONFIG": configuration, "SIP_TLS_PORT": free_port(), "SIP_WSS_PORT": self.wss_port}
            gateway = {
                "tls_certificate": str(self.certificate.certificate),
                "tls_key": str(self.certificate.key),
                "max_sip_connections": 10_000,
            }
        self.kamailio = Kamailio(self.data, self.run, accounts=accounts, settings={**(settings or {}), **tls})
        self.gateway = Gateway(
            self.data, self.run, settings={"sip_websocket": f"127.0.0.1:{self.kamailio.websocket_port}", **gateway}
        )

    async def start(self, stack: AsyncExitStack) -> None:
        """Start both; `stack` stops them."""
        stack.push_async_callback(self.gateway.stop)
        await self.gateway.start()
        stack.push_async_callback(self.kamailio.stop)
        await self.kamailio.start()
        headers = {"Authorization": f"Bearer {self.gateway.token}", "Content-Type": "application/json"}
        connector = aiohttp.TCPConnector(ssl=self.certificate.trusted() if self.certificate else True, limit=0)
        self.session = await stack.enter_async_context(
            aiohttp.ClientSession(self.gateway.url, headers=headers, connector=connector)
        )

    async def publish(self, directory: Directory, base: int | None = None) -> None:
        """Send the changes since `base`, or the whole when the gateway wants it; returns when they are read back live."""
        changes = directory.snapshot_changes(base) if base is not None else None
        answer = await self._send("PATCH", changes) if changes else None
        if answer is None or answer.get("code") == "unknown_base":
            answer = await self._send("PUT", directory.snapshot())
        if not answer.get("live"):
            raise RuntimeError(f"the gateway answered {answer}")

    async def _send(self, method: str, snapshot: str) -> dict[str, Any]:
        async with self.session.request(method, "/v1/snapshot", data=snapshot.encode()) as response:
            answer: dict[str, Any] = await response.json()
            return answer


async def measure(scale: Scale, folder: Path) -> dict[str, Measured]:
    home = await fill(folder / "h", HOME, 0)
    wholes = [(await fill(folder / f"w{number}", scale.large, 0))["whole"] for number in range(scale.wholes)]
    large = await fill(folder / "l", scale.large, scale.repetitions)
    changes = large["changes"]
    return {
        "snapshot-whole": Measured(
            statistics.median(wholes),
            f"{large['bytes'] / 1e6:.1f} MB of JSON, {len(wholes)} times, {min(wholes):.2f} to {max(wholes):.2f} s",
        ),
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
        await plane.publish(directory)
        seconds = time.perf_counter() - began
        changes = [await change(plane, directory, unit % size.units) for unit in range(repetitions)]
        shared = await plane.kamailio.rpc("core.shmmem", "b")
        return {
            "whole": seconds,
            "bytes": len(directory.snapshot()),
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
    await plane.publish(directory, base)
    return time.perf_counter() - began

# SPDX-License-Identifier: Apache-2.0
"""Brings the directory to its gateway and knows what is live there.

A change only hurries the next round: rounds alone, every POLL_SECONDS, would bring it there too.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from homeassistant.core import callback

from .backoff import Backoff
from .const import LOGGER
from .core import DirectoryError
from .directory import Changes, Directory
from .gateway_client import (
    Applied,
    ForeignDirectoryError,
    GatewayClient,
    GatewayError,
    GatewayRefusedError,
    HeldDirectory,
    Status,
    UnknownBaseError,
)

POLL_SECONDS = 30.0
GATEWAY_PROBLEM = "gateway_problem"
KAMAILIO_AWAY = "kamailio_away"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong; a GatewayError's code, or GATEWAY_PROBLEM or KAMAILIO_AWAY for the gateway's own word."""

    code: str
    message: str

    @property
    def is_the_gateways(self) -> bool:
        """Whether the gateway answers, and tells of it."""
        return self.code in (GATEWAY_PROBLEM, KAMAILIO_AWAY)


@dataclass(frozen=True, slots=True)
class GatewayState:
    """The gateway as last seen."""

    connected: bool = False
    version: str | None = None
    accepted_revision: int | None = None
    live_revision: int | None = None
    kamailio_connected: bool = False
    problem: Problem | None = None
    foreign: HeldDirectory | None = None
    """The other directory that it holds."""


class Publisher:
    """Keeps one gateway at the directory's present revision. Belongs to the event loop."""

    def __init__(self, directory: Directory, client: GatewayClient, adopt: str | None) -> None:
        """`adopt`: id of the one foreign directory that may be replaced."""
        self.state = GatewayState()
        self._directory = directory
        self._client = client
        self._adopt = adopt
        self._held: str | None = None
        self._base: int | None = None
        """What we pushed last and the gateway still has; None: only a whole snapshot is right."""
        self._changed = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []

    @property
    def live(self) -> bool:
        """Whether the gateway has read back the present revision."""
        return self._base == self._directory.revision == self.state.live_revision

    @callback
    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` when `state` or `live` may have changed; returns how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def run(self) -> None:
        """Push and look, until cancelled."""
        stop = self._directory.listen(self._on_change)
        backoff = Backoff(limit=POLL_SECONDS)
        try:
            while True:
                try:
                    await self._round()
                except (GatewayError, DirectoryError) as error:
                    self._failed(error)
                    await asyncio.sleep(backoff.next())
                    continue
                if self.live:
                    backoff.reset()
                await self._wait_for_change(POLL_SECONDS if self.live else backoff.next())
        finally:
            stop()

    @callback
    def _on_change(self, _: Changes) -> None:
        self._changed.set()
        self._set(self.state)

    async def _wait_for_change(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    async def _round(self) -> None:
        if self._base is None or not self._changed.is_set():
            await self._look()
        self._changed.clear()
        if self._base != self._directory.revision:
            await self._push()

    async def _look(self) -> None:
        status = await self._client.status()
        self._held = status.directory.id if status.directory else None
        if self._held not in (None, self._directory.id, self._adopt):
            self._set(replace(self.state, foreign=status.directory))
            raise ForeignDirectoryError("The gateway holds another directory.")
        ours = self._held == self._directory.id
        if not ours or status.revision != self._base:
            self._base = None
        if not self.state.connected:
            LOGGER.info("The gateway of %s answers", self._directory.name)
        self._set(
            GatewayState(
                connected=True,
                version=status.version,
                accepted_revision=status.revision if ours else None,
                live_revision=status.live_revision if ours else None,
                kamailio_connected=status.kamailio_connected,
                problem=_problem(status),
            )
        )

    async def _push(self) -> None:
        applied = await self._push_changes() or await self._push_whole()
        self._base = applied.revision
        live_revision = applied.revision if applied.live else self.state.live_revision
        self._set(replace(self.state, accepted_revision=applied.revision, live_revision=live_revision))

    async def _push_changes(self) -> Applied | None:
        """None when only a whole snapshot will do."""
        base = self._base
        if base is None:
            return None
        changes = await self._directory.read(lambda core: core.snapshot_changes(base))
        try:
            return await self._client.patch_snapshot(changes.encode()) if changes else None
        except UnknownBaseError:
            return None

    async def _push_whole(self) -> Applied:
        snapshot = await self._directory.read(lambda core: core.snapshot().encode())
        agreed = self._adopt is not None and self._held == self._adopt
        return await self._client.put_snapshot(snapshot, adopt=agreed)

    @callback
    def _failed(self, error: GatewayError | DirectoryError) -> None:
        connected = isinstance(error, GatewayRefusedError)
        if self.state.connected or self.state.problem is None:
            LOGGER.info("The gateway of %s is not up to date: %s", self._directory.name, error)
        self._set(replace(self.state, connected=connected, problem=Problem(error.code, str(error))))

    @callback
    def _set(self, state: GatewayState) -> None:
        self.state = state
        for listener in tuple(self._listeners):
            listener()


def _problem(status: Status) -> Problem | None:
    if not status.problem:
        return None
    return Problem(GATEWAY_PROBLEM if status.kamailio_connected else KAMAILIO_AWAY, status.problem)

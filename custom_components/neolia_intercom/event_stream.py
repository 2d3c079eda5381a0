# SPDX-License-Identifier: Apache-2.0
"""Follows the gateway's events and fires each of them once."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

from homeassistant.core import callback

from .backoff import Backoff
from .call_marks import CallMarks
from .const import LOGGER
from .core import DirectoryError
from .directory import Directory
from .gateway_client import ForeignDirectoryError, GatewayClient, GatewayError, Hello, StreamEvent

type CallEvent = dict[str, Any]
"""As in docs/architecture.md §4."""


class EventStream:
    """One connection after another, each from the cursor that the directory keeps. Belongs to the event loop."""

    def __init__(self, directory: Directory, client: GatewayClient, fire: Callable[[CallEvent], None]) -> None:
        self._directory = directory
        self._client = client
        self._fire = fire
        self._marks = CallMarks()
        self._one_at_a_time = asyncio.Lock()
        self._stopped = False
        self.connected = False

    async def stop(self) -> None:
        """Take no event from now on; returns when the one in hand is fired.

        Before entities or Home Assistant go away: an event that nobody hears any more stays with the gateway until the next start.
        """
        async with self._one_at_a_time:
            self._stopped = True

    async def run(self) -> None:
        """Follow, until cancelled after stop()."""
        backoff = Backoff()
        while True:
            try:
                await self._follow(backoff)
            except (GatewayError, DirectoryError) as error:
                LOGGER.debug("The event stream of %s ended: %s", self._directory.name, error)
            finally:
                self.connected = False
            await asyncio.sleep(backoff.next())

    async def _follow(self, backoff: Backoff) -> None:
        cursor = await self._directory.read(lambda core: core.event_cursor())
        async with aclosing(self._client.events(cursor)) as messages:
            async for message in messages:
                if isinstance(message, Hello):
                    self._check(message)
                    self.connected = True
                    backoff.reset()
                else:
                    await self._take(message)

    @callback
    def _check(self, hello: Hello) -> None:
        if hello.directory_id not in (None, self._directory.id):
            raise ForeignDirectoryError("The events are another directory's.")

    async def _take(self, message: StreamEvent) -> None:
        """Stored first, then fired: what was stored before is a repetition."""
        async with self._one_at_a_time:
            if not self._stopped and await self._is_new(message):
                self._fire(self._marks.marked(message.event))

    async def _is_new(self, message: StreamEvent) -> bool:
        numbered = [(message.number, message.event)]
        try:
            new = await self._directory.read(lambda core: core.record_events(message.stream, numbered))
        except DirectoryError as error:
            if error.code != "invalid":
                raise
            LOGGER.warning("Event %s of the gateway is passed over: %s", message.number, error)
            return False
        return bool(new)

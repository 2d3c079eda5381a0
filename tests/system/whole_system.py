# SPDX-License-Identifier: Apache-2.0
"""The installation of the system tests, and what they all do with it."""

import asyncio
from contextlib import AsyncExitStack, closing
from pathlib import Path
import sqlite3
from types import TracebackType
from typing import Self

from stack.agents import Agent
from stack.dashboard import entity_ids
from stack.directory_commands import DOMAIN, DirectoryCommands
from stack.estate import REALM, SITE, Estate, create_estate
from stack.home_assistant_api import Json
from stack.installation import Installation
from stack.kamailio import RpcError
from stack.waiting import wait_until

EVENT_SECONDS = 30.0
"""Limit for an event to arrive when a part has just come back; the reconnect waits between its attempts."""


class WholeSystem:
    """An installation with the example estate; devices of the estate are started when a test asks for them."""

    def __init__(self, folder: Path) -> None:
        self.installation = Installation(folder / "i")
        self.estate = Estate()
        self._devices: dict[str, Agent] = {}
        self._entry_id = ""
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.installation)
        self._entry_id = await self.installation.add_directory(SITE["name"], REALM)
        await self.connect()
        self.estate = await create_estate(self.commands, self.installation.kamailio.address)
        await self.commands.wait_until_live()
        await wait_until(self._voicemail_is_ready, seconds=EVENT_SECONDS, what="voicemail")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket.close()
        await self._stack.aclose()

    async def _voicemail_is_ready(self) -> bool:
        return bool((await self.installation.gateway.status())["voicemail"]["ready"])

    async def connect(self) -> None:
        """Open the WebSocket, also after a restart of Home Assistant, and follow the calls."""
        self.socket = await self.installation.home_assistant.api.websocket()
        self.commands = DirectoryCommands(self.socket, self._entry_id)
        self._events = await self.socket.subscribe("subscribe_events", event_type=f"{DOMAIN}_call")

    async def device(self, username: str) -> Agent:
        """The registered device of an account of the estate."""
        if username not in self._devices:
            self._devices[username] = await self.installation.device(self.estate.accounts[username])
        return self._devices[username]

    async def registration_on_disk(self, username: str) -> None:
        """Wait until a crash of Kamailio would not lose it: it is older than a tick of usrloc."""
        location = self.installation.kamailio.data_folder / "location.sqlite"

        def on_disk() -> bool:
            with closing(sqlite3.connect(f"file:{location}?mode=ro", uri=True)) as database:
                found = database.execute("SELECT count(*) FROM location WHERE username = ?", (username,)).fetchone()
            return bool(found[0])

        await wait_until(on_disk, seconds=20, what=f"the registration of {username} on disk")

    async def entity_id(self, unit: str, key: str) -> str:
        """The entity of a unit, by the unit's number."""
        return (await entity_ids(self.socket))[self.estate.units[unit]["id"], key]

    async def voicemail_is_up(self) -> None:
        """Wait until Kamailio has been told that messages can be taken."""

        async def told() -> bool:
            try:
                return "'up'" in str(await self.installation.kamailio.rpc("htable.get", "sys", "voicemail"))
            except RpcError:  # not a word about it yet
                return False

        await wait_until(told, what="voicemail at Kamailio")

    async def next_event(self, *kinds: str, seconds: float = EVENT_SECONDS) -> Json:
        """The next call event of one of these types on Home Assistant's bus; others before it are dropped."""
        async with asyncio.timeout(seconds):
            while True:
                event: Json = (await self._events.get())["data"]
                if event["type"] in kinds:
                    return event

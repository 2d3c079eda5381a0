# SPDX-License-Identifier: Apache-2.0
"""How soon a message can be played after the visitor has hung up."""

import asyncio
import time

from stack.directory_commands import DirectoryCommands
from stack.estate import Estate
from stack.home_assistant_api import Json
from stack.installation import Installation
from stack.media_files import greeting

GREETING_SECONDS = 0.2
SPOKEN_SECONDS = 3.0
# Without a panel, so voicemail is its first step.
EMPTY_FLAT = "102"


async def message_ready(
    installation: Installation, commands: DirectoryCommands, estate: Estate, events: asyncio.Queue[Json], count: int
) -> list[float]:
    """Seconds from each visitor's command to hang up, to the `message` event in a WebSocket client's hands."""
    heard = await commands.call("greeting/set", unit_id=estate.units[EMPTY_FLAT]["id"], data=greeting(GREETING_SECONDS))
    gate = await installation.device(estate.accounts["gate"], media=True)
    seconds = []
    for _ in range(count):
        gate.dial(f"B{EMPTY_FLAT}")
        await _next_event(events, "answered")
        await asyncio.sleep(heard["seconds"] + SPOKEN_SECONDS)
        began = time.perf_counter()
        gate.hang_up()
        await _next_event(events, "message")
        seconds.append(time.perf_counter() - began)
    return seconds


async def _next_event(events: asyncio.Queue[Json], kind: str) -> None:
    async with asyncio.timeout(20):
        while (await events.get())["data"]["type"] != kind:
            pass

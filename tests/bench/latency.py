# SPDX-License-Identifier: Apache-2.0
"""Between a person's finger and Home Assistant, and between Home Assistant and Kamailio: the whole installation."""

import asyncio
from datetime import datetime
from pathlib import Path
import statistics
import time

from stack.agents import Agent
from stack.directory_commands import DOMAIN, DirectoryCommands
from stack.estate import REALM, SITE, create_estate
from stack.home_assistant_api import Json
from stack.installation import Installation

from .measured import Measured, percentile
from .message import message_ready
from .scale import Scale

NUMBER = "401"


async def measure(scale: Scale, folder: Path) -> dict[str, Measured]:
    installation = Installation(folder / "i")
    async with installation, await installation.home_assistant.api.websocket() as socket:
        commands = DirectoryCommands(socket, await installation.add_directory(SITE["name"], REALM))
        estate = await create_estate(commands, installation.kamailio.address)
        await commands.wait_until_live()
        door = await installation.device(estate.accounts["door-a"])
        await installation.device(estate.accounts["panel-401-hall"])
        events = await socket.subscribe("subscribe_events", event_type=f"{DOMAIN}_call")
        rings = [await ring(door, events) for _ in range(scale.repetitions)]
        readies = await message_ready(installation, commands, estate, events, scale.messages)
        lives = [await go_live(commands, estate.units[NUMBER]) for _ in range(scale.repetitions)]

    from_dialling = [dialled for dialled, _ in rings]
    from_decision = statistics.median(decided for _, decided in rings)
    detail = f"{len(rings)} rings, timed from the door's command, digest challenge included; median from Kamailio's decision {from_decision * 1e3:.1f} ms"
    return {
        "event-median": Measured(statistics.median(from_dialling) * 1e3, detail),
        "event-p99": Measured(percentile(from_dialling, 99) * 1e3, f"{len(rings)} rings"),
        "message-ready": Measured(
            statistics.median(readies) * 1e3,
            f"{len(readies)} messages with picture, the slowest {max(readies) * 1e3:.0f} ms",
        ),
        "change-live": Measured(
            percentile(lives, 95) * 1e3, f"{len(lives)} changes, median {statistics.median(lives) * 1e3:.1f} ms"
        ),
    }


async def ring(door: Agent, events: asyncio.Queue[Json]) -> tuple[float, float]:
    """Seconds from the door's command, and from Kamailio's decision, to the event in a WebSocket client's hands."""
    dialled = time.time()
    door.dial(NUMBER)
    incoming = await next_event(events, "incoming")
    arrived = time.time()
    door.hang_up()
    await next_event(events, "missed")
    return arrived - dialled, arrived - datetime.fromisoformat(incoming["at"]).timestamp()


async def next_event(events: asyncio.Queue[Json], kind: str) -> Json:
    async with asyncio.timeout(10):
        while True:
            event: Json = (await events.get())["data"]
            if event["type"] == kind:
                return event


async def go_live(commands: DirectoryCommands, unit: Json) -> float:
    """Seconds from the command to Home Assistant's own word that Kamailio runs it."""
    unit["do_not_disturb"] = not unit["do_not_disturb"]
    began = time.perf_counter()
    await commands.update("unit", unit["id"], do_not_disturb=unit["do_not_disturb"])
    async with asyncio.timeout(10):
        while not await commands.is_live():
            await asyncio.sleep(0.001)
    return time.perf_counter() - began

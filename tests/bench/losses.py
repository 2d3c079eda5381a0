# SPDX-License-Identifier: Apache-2.0
"""What is lost when those who write and carry are killed again and again."""

from pathlib import Path
import random

from _core import Directory

from tests.durability import killed_directory, killed_gateway, many_calls

from .measured import Measured
from .scale import Scale


async def measure(scale: Scale, folder: Path) -> dict[str, Measured]:
    chance = random.Random()
    for name in ("gateway", "calls"):
        for part in ("data", "run"):
            (folder / name / part).mkdir(parents=True, mode=0o700)
    gateway = await killed_gateway.kill(folder / "gateway", scale.kills, chance)
    file = folder / "killed.sqlite"
    writers = killed_directory.kill(_create(file), file, scale.kills, chance)
    history = _create(folder / "history.sqlite")
    told = await many_calls.call(history, folder / "calls", scale.restless_calls, chance)
    history.close()
    in_place = sum(found == wanted for found, wanted in zip(told.history, told.log, strict=False))
    calls = max(len(told.history), scale.restless_calls) - in_place
    return {
        "events-lost": Measured(
            gateway.events + calls,
            f"{scale.kills} kills of the gateway, {scale.kills * killed_gateway.EVENTS_PER_LIFE} events; "
            f"{scale.restless_calls} calls while consumers came and went",
        ),
        "writes-lost": Measured(
            gateway.writes + gateway.files + writers.writes + writers.halves,
            f"{scale.kills} kills of the gateway, as many of a process that writes the directory",
        ),
    }


def _create(file: Path) -> Directory:
    return Directory.create(file, "Losses", "home.example")

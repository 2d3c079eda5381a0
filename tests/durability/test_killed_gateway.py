# SPDX-License-Identifier: Apache-2.0
"""A gateway that is killed while it takes changes and copies events keeps what it acknowledged."""

from pathlib import Path
import random

from .killed_gateway import Losses, kill


async def test_nothing_acknowledged_is_lost(folder: Path, kills: int, chance: random.Random) -> None:
    assert await kill(folder, kills, chance) == Losses(writes=0, events=0, files=0)
    assert not list((folder / "data").glob("*.corrupt*"))

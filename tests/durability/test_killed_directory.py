# SPDX-License-Identifier: Apache-2.0
"""A process that writes the directory is killed: whoever was told of a change keeps it."""

from pathlib import Path
import random

from _core import Directory

from .killed_directory import Losses, kill


def test_nothing_acknowledged_is_lost(directory: Directory, file: Path, kills: int, chance: random.Random) -> None:
    assert kill(directory, file, kills, chance) == Losses(writes=0, halves=0)

# SPDX-License-Identifier: Apache-2.0
"""SQLite files: are they whole, and how they get damaged."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
import sqlite3

type Damage = Callable[[Path], None]


def is_whole(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def text_instead(path: Path) -> None:
    path.write_bytes(b"not a database, " * 1000)


def zeroed_head(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(bytes(1000) + content[1000:])


def cut_in_half(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2 // 4096 * 4096 + 100])


def noise_inside(path: Path) -> None:
    """From the second page on: the head is that of a sound file."""
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))


DAMAGES: list[Damage] = [text_instead, zeroed_head, cut_in_half, noise_inside]

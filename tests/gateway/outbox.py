# SPDX-License-Identifier: Apache-2.0
"""Rows in events.sqlite, as Kamailio writes them."""

from contextlib import closing
import json
from pathlib import Path
import sqlite3
from typing import Any


def row(number: int, **fields: Any) -> str:
    event = {
        "type": "ended",
        "call": f"call-{number}",
        "at": 1_700_000_000_000_000,
        "caller": 0,
        "unit": 0,
        "account": 0,
    }
    return json.dumps({**event, "code": 200, "reason": "hung_up", **fields})


def add(data_folder: Path, *rows: str) -> None:
    with closing(sqlite3.connect(data_folder / "events.sqlite")) as database, database:
        database.executemany("INSERT INTO outbox (event) VALUES (?)", ((text,) for text in rows))


def add_numbered(data_folder: Path, first: int, last: int, **fields: Any) -> None:
    add(data_folder, *(row(number, **fields) for number in range(first, last + 1)))


def is_ready(data_folder: Path) -> bool:
    with closing(sqlite3.connect(f"file:{data_folder}/events.sqlite?mode=ro", uri=True)) as database:
        return bool(database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'outbox'").fetchone()[0])


def keys(data_folder: Path) -> dict[str, int]:
    """Return the integers by which Kamailio names objects."""
    with closing(sqlite3.connect(f"file:{data_folder}/gateway.sqlite?mode=ro", uri=True)) as database:
        return dict(database.execute("SELECT id, key FROM object_key"))


def logged(data_folder: Path) -> list[dict[str, Any]]:
    """Return the events of the gateway's log, oldest first."""
    with closing(sqlite3.connect(f"file:{data_folder}/gateway.sqlite?mode=ro", uri=True)) as database:
        return [json.loads(text) for (text,) in database.execute("SELECT event FROM event ORDER BY number")]


def calls(data_folder: Path) -> list[str]:
    """Return the ids of the calls that came in, oldest first."""
    return [event["call_id"] for event in logged(data_folder) if event["type"] == "incoming"]

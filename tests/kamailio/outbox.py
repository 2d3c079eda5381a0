# SPDX-License-Identifier: Apache-2.0
"""Reads Kamailio's outbox (docs/architecture.md, part 4) and gives its keys their names back."""

import json
from pathlib import Path
import sqlite3
from typing import Any

type Event = dict[str, Any]


def read(data_folder: Path) -> list[Event]:
    """Return all events of calls in order; keys as `username` of accounts and `number` of units, hex as text."""
    accounts, units = _names(data_folder)
    return [_named(event, accounts, units) for event in _events(data_folder) if "call" in event]


def presence(data_folder: Path) -> list[Event]:
    """Return what is told of contacts that came and went, in order."""
    return [event for event in _events(data_folder) if "call" not in event]


def numbers(data_folder: Path) -> list[int]:
    """Return the numbers of all rows."""
    return [number for number, _ in _rows(data_folder)]


def _events(data_folder: Path) -> list[Event]:
    return [json.loads(row) for _, row in _rows(data_folder)]


def _rows(data_folder: Path) -> list[tuple[int, str]]:
    with sqlite3.connect(f"file:{data_folder}/events.sqlite?mode=ro", uri=True) as database:
        return database.execute("SELECT id, event FROM outbox ORDER BY id").fetchall()


def _names(data_folder: Path) -> tuple[dict[int, str], dict[int, str]]:
    with sqlite3.connect(f"file:{data_folder}/sip.sqlite?mode=ro", uri=True) as database:
        accounts = dict(database.execute("SELECT account_key, username FROM subscriber"))
        dialled = database.execute("SELECT key_name, key_value FROM dial WHERE key_name LIKE 'b%'")
        units = {int(value.split()[1]): name.split(":")[1] for name, value in dialled}
    return accounts, units


def _named(event: Event, accounts: dict[int, str], units: dict[int, str]) -> Event:
    named = dict(event)
    if "caller" not in event:
        return named
    named["caller"] = accounts.get(event["caller"])
    named["unit"] = units.get(event["unit"])
    named["account"] = accounts.get(event["account"])
    for name in ("dialled", "sip_call_id"):
        if f"{name}_hex" in named:
            named[name] = bytes.fromhex(named.pop(f"{name}_hex")).decode()
    if "steps" in named:
        named["steps"] = [step.split("~", 1)[1] for step in named["steps"].split("|")]
    if "away" in named:
        named["away"] = named["away"].split()
    return named

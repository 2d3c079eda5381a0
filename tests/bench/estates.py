# SPDX-License-Identifier: Apache-2.0
"""Directories of any size: buildings of up to 100 units, in each unit four accounts, at each building a door."""

from collections.abc import Iterator
from dataclasses import dataclass
import itertools
from pathlib import Path
from typing import Any

from _core import Directory

type Operation = dict[str, Any]

REALM = "bench.example"
ACTOR = "bench"
PASSWORD = "a-password-of-the-bench"
UNITS_PER_BUILDING = 100
OPERATIONS_PER_CHANGE = 10_000
ACCOUNTS = (("panel", 3), ("mobile", 1))
SCHEDULE = {"windows": [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "08:00", "to": "18:00"}]}


@dataclass(frozen=True)
class Size:
    units: int
    rules_per_unit: int


def door_username(building: int) -> str:
    return f"door-{building}"


def panel_username(unit: int) -> str:
    return f"panel-{unit}-0"


def code_and_number(unit: int) -> str:
    """What dials a unit from anywhere in the site."""
    building, index = divmod(unit, UNITS_PER_BUILDING)
    return f"b{building}{index + 1:03d}"


def object_id(noun: str, number: int) -> str:
    """A ULID that can be told from the object's number."""
    return f"{'sbuadr'.index(noun[0])}{number:025d}"


def create(path: Path, size: Size) -> Directory:
    """Create the directory; the caller closes it."""
    directory = Directory.create(path, "Bench", REALM)
    for batch in itertools.batched(operations(size), OPERATIONS_PER_CHANGE, strict=False):
        directory.apply(list(batch), actor=ACTOR)
    return directory


def operations(size: Size) -> Iterator[Operation]:
    """Everything of the directory, each object after those that it refers to."""
    site = {"name": "Bench", "time_zone": "Europe/Paris", "domain": "127.0.0.1"}
    yield _create("site", 0, site)
    for building in range(-(-size.units // UNITS_PER_BUILDING)):
        yield _create("building", building, {"site_id": object_id("site", 0), "name": "B", "code": f"b{building}"})
        owner = {"type": "building", "id": object_id("building", building)}
        yield _account(4 * size.units + building, owner, "door", door_username(building))
    for unit in range(size.units):
        yield from _unit(unit, size.rules_per_unit)


def _unit(unit: int, rules: int) -> Iterator[Operation]:
    building, index = divmod(unit, UNITS_PER_BUILDING)
    yield _create("unit", unit, {"building_id": object_id("building", building), "number": f"{index + 1:03d}"})
    owner = {"type": "unit", "id": object_id("unit", unit)}
    numbers = itertools.count(4 * unit)
    for kind, count in ACCOUNTS:
        for device in range(count):
            yield _account(next(numbers), owner, kind, f"{kind}-{unit}-{device}")
    for position in range(1, rules + 1):
        yield _create("rule", unit * rules + position, _rule(owner, position))


def _rule(owner: dict[str, str], position: int) -> dict[str, Any]:
    """Of ten rules one lets the door in, some have a schedule; the others look at other callers."""
    source = "@door" if position == 2 else f"courier-{position}*"
    schedule = SCHEDULE if position % 3 == 0 else None
    return {"owner": owner, "position": position, "source_pattern": source, "action": "ring", "schedule": schedule}


def _account(number: int, owner: dict[str, str], kind: str, username: str) -> Operation:
    fields = {"owner": owner, "kind": kind, "username": username}
    return {**_create("account", number, fields), "password": PASSWORD}


def _create(noun: str, number: int, fields: dict[str, Any]) -> Operation:
    return {"operation": "create", "noun": noun, "id": object_id(noun, number), "fields": fields}

# SPDX-License-Identifier: Apache-2.0
"""Random directories full of near misses: numbers that collide across buildings and sites, every kind of rule."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from _core import Directory, DirectoryError

from .directories import password_of

type Owner = dict[str, str]
type Fields = dict[str, Any]

ZONES = ("Europe/Paris", "America/St_Johns", "Asia/Tokyo", "UTC")
CODES = ("A", "B", "a1", "1", "2x")
NUMBERS = ("1", "2", "11", "12", "401", "b-1", "X")
SOURCES = (
    "@door",
    "@door",
    "@unit",
    "@unit",
    "@building",
    "@site",
    "*",
    "door-*",
    "*-1",
    "panel-?",
    "p*l-1*",
    "d???-2",
)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass
class RandomDirectory:
    """A directory in `file` and the ids of what it holds. `refused` counts tries that its validation did not take."""

    directory: Directory
    now: datetime
    sites: list[Fields] = field(default_factory=list)
    buildings: list[Fields] = field(default_factory=list)
    units: list[Fields] = field(default_factory=list)
    accounts: list[Fields] = field(default_factory=list)
    rules: list[Fields] = field(default_factory=list)
    refused: int = 0


def create(file: Path, random: Random, now: datetime) -> RandomDirectory:
    """No schedule has a boundary within half an hour of `now`, so that its rules are the same all through a test."""
    made = RandomDirectory(Directory.create(str(file), "Random", "random.example"), now)
    for number in range(random.randint(2, 3)):
        zone = random.choice(ZONES)
        add(made, "site", name=f"Site {number}", time_zone=zone, domain="127.0.0.1", allowed_domains=["voip.example"])
    for site in made.sites:
        for code in random.sample(CODES, random.randint(1, 3)):
            add(made, "building", site_id=site["id"], name=f"Building {code}", code=code)
    for building in made.buildings:
        for unit_number in random.sample(NUMBERS, random.randint(2, 4)):
            dnd = random.random() < 0.15
            add(made, "unit", building_id=building["id"], number=unit_number, do_not_disturb=dnd)
    add_accounts(made, random)
    for owner in owners(made):
        for position in range(1, random.randint(1, 6)):
            add(made, "rule", **rule(made, random, owner, position))
    busiest = {"type": "unit", "id": random.choice(made.units)["id"]}
    for position in range(10, 30):  # more than a call may have steps
        add(made, "rule", **rule(made, random, busiest, position) | {"source_pattern": "*", "schedule": None})
    return made


def add(made: RandomDirectory, noun: str, **fields: object) -> None:
    kept: list[Fields] = getattr(made, f"{noun}s")
    create_object: Callable[..., Any] = getattr(made.directory, f"create_{noun}")
    try:
        created = create_object(fields, actor="test")
    except DirectoryError:
        made.refused += 1
    else:
        kept.append(created)


def owners(made: RandomDirectory) -> list[Owner]:
    return [
        {"type": noun, "id": item["id"]} for noun in ("site", "building", "unit") for item in getattr(made, f"{noun}s")
    ]


def add_accounts(made: RandomDirectory, random: Random) -> None:
    numbers = {"door": 0, "panel": 0, "mobile": 0}
    for owner in owners(made):
        kinds = ["panel", "panel", "mobile", "door"] if owner["type"] == "unit" else ["door"]
        for kind in random.sample(kinds, random.randint(0, len(kinds))):
            numbers[kind] += 1
            username = f"{kind}-{numbers[kind]}"
            fields = {"owner": owner, "kind": kind, "username": username, "enabled": random.random() < 0.9}
            account, _ = made.directory.create_account(fields, actor="test", password=password_of(username))
            made.accounts.append(dict(account))


def rule(made: RandomDirectory, random: Random, owner: Owner, position: int) -> Fields:
    action = random.choice(("ring", "ring", "ring", "forward", "voicemail", "reject"))
    source = random.choice((*SOURCES, random.choice(made.accounts)["username"]))
    to = target(made, random, owner, action)
    seconds = random.randint(5, 120)
    return {
        "owner": owner,
        "position": position + 3 if owner["type"] == "site" else position,
        "enabled": random.random() < 0.9,
        "source_pattern": source,
        "schedule": schedule(made, random) if random.random() < 0.4 else None,
        "action": action,
        "target": to,
        "ring_seconds": 120 if to["type"] == "uri" else seconds,  # who answers there is given time to
        "on_decline": random.choice(("stop", "continue")),
    }


def target(made: RandomDirectory, random: Random, owner: Owner, action: str) -> Fields:
    match action:
        case "ring":
            return ring_target(made, random, owner)
        case "forward":
            return random.choice(
                (
                    {"type": "account", "account_id": random.choice(made.accounts)["id"]},
                    {"type": "unit", "unit_id": random.choice(made.units)["id"]},
                    {"type": "uri", "uri": "sip:front.desk+1@voip.example"},
                )
            )
        case "voicemail":
            return {"type": "voicemail"}
        case _:
            return {"type": "code", "code": random.choice((403, 480, 486, 603))}


def ring_target(made: RandomDirectory, random: Random, owner: Owner) -> Fields:
    own = [item["id"] for item in made.accounts if item["owner"] == owner and item["kind"] != "door"]
    if owner["type"] != "unit" or not own or random.random() < 0.5:
        return {"type": "all"}
    return {"type": "accounts", "account_ids": random.sample(own, random.randint(1, len(own)))}


def schedule(made: RandomDirectory, random: Random) -> Fields | None:
    """None also when an edge is near: another number of random choices would make another directory of the same seed."""
    windows = [window(random) for _ in range(random.randint(1, 3))]
    edges = {item[edge] for item in windows for edge in ("from", "to")}
    return None if any(is_near(made.now, edge) for edge in edges) else {"windows": windows}


def window(random: Random) -> Fields:
    start, end = (f"{random.randrange(24):02}:{random.choice((0, 15, 30, 45)):02}" for _ in range(2))
    return {"days": sorted(random.sample(DAYS, random.randint(1, 7)), key=DAYS.index), "from": start, "to": end}


def is_near(now: datetime, edge: str) -> bool:
    """Whether a clock in any of the zones shows `edge` within half an hour of now; midnight counts as well."""
    for zone in ZONES:
        local = now.astimezone(ZoneInfo(zone))
        hour, minute = map(int, edge.split(":"))
        moment = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if any(abs(moment + timedelta(days=day) - local) < timedelta(minutes=30) for day in (-1, 0, 1)):
            return True
    return False


def dialled(made: RandomDirectory, random: Random, caller: Fields) -> str:
    """What a caller may dial: a number, a code and number, a username; in any case; mostly of its own site; or nonsense."""
    site = site_of(made, caller["owner"])
    strays = random.random() < 0.15
    unit = random.choice([item for item in made.units if strays or site_of(made, {"type": "unit", **item}) == site])
    building = next(item for item in made.buildings if item["id"] == unit["building_id"])
    account = random.choice([item for item in made.accounts if strays or site_of(made, item["owner"]) == site])
    texts = 3 * [unit["number"], building["code"] + unit["number"], account["username"]]
    text: str = random.choice((*texts, random.choice(("99", "a", "panel-", "door-999"))))
    return random.choice((text, text, text.upper(), text.lower(), text.swapcase()))


def site_of(made: RandomDirectory, owner: Owner) -> str:
    identity = owner["id"]
    for item in (*made.units, *made.buildings):
        if item["id"] == identity:
            identity = item.get("building_id") or item["site_id"]
    return identity


def utc_now() -> datetime:
    return datetime.now(UTC)

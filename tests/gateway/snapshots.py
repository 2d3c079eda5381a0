# SPDX-License-Identifier: Apache-2.0
"""Small whole snapshots and changes (docs/architecture.md, part 5)."""

import hashlib
from typing import Any

type Json = dict[str, Any]

REALM = "home.example"
NOUNS = ("sites", "buildings", "units", "accounts", "doors", "rules")


def object_id(noun: int, number: int = 1) -> str:
    """Return the same ULID for the same noun (0-7) and number."""
    return f"{noun}{number:025d}"


DIRECTORY = {"id": object_id(0), "name": "Home", "realm": REALM}
OTHER_DIRECTORY = {"id": object_id(0, 2), "name": "Other", "realm": "other.example"}
SITE, BUILDING, DOOR, RULE = object_id(1), object_id(2), object_id(4, 9999), object_id(5)


def unit(number: int, *, do_not_disturb: bool = False) -> Json:
    return {
        "id": object_id(3, number),
        "building_id": BUILDING,
        "name": "Flat",
        "number": str(number),
        "do_not_disturb": do_not_disturb,
    }


def account(account_id: str, owner: Json, kind: str, username: str, password: str, *, enabled: bool = True) -> Json:
    secret = f"{username}:{REALM}:{password}".encode()
    return {
        "id": account_id,
        "owner": owner,
        "kind": kind,
        "username": username,
        "name": username,
        "enabled": enabled,
        "ha1_md5": hashlib.md5(secret, usedforsecurity=False).hexdigest(),
        "ha1_sha256": hashlib.sha256(secret).hexdigest(),
    }


def panel(number: int, password: str | None = None, *, enabled: bool = True) -> Json:
    username = f"panel-{number}"
    owner = {"type": "unit", "id": object_id(3, number)}
    return account(object_id(4, number), owner, "panel", username, password or f"pw-{username}", enabled=enabled)


def whole(revision: int, units: int = 2, directory: Json = DIRECTORY, **changed: Any) -> Json:
    """One building with a door, units 1...n with a panel each, and the rule that doors ring them."""
    door = account(DOOR, {"type": "building", "id": BUILDING}, "door", "door", "pw-door")
    rule = {
        "id": RULE,
        "owner": {"type": "site", "id": SITE},
        "position": 1,
        "enabled": True,
        "source_pattern": "@door",
        "schedule": None,
        "action": "ring",
        "target": {"type": "all"},
        "ring_seconds": 30,
        "on_decline": "stop",
    }
    site = {"id": SITE, "name": "Site", "time_zone": "Europe/Paris", "domain": "127.0.0.1", "allowed_domains": []}
    return {
        "format": 1,
        "directory": directory,
        "revision": revision,
        "sites": [site],
        "buildings": [{"id": BUILDING, "site_id": SITE, "name": "Building", "code": "A"}],
        "units": [unit(number) for number in range(1, units + 1)],
        "accounts": [*(panel(number) for number in range(1, units + 1)), door],
        "doors": [],
        "rules": [rule],
        **changed,
    }


def changes(base: int, revision: int, directory: Json = DIRECTORY, **nouns: Any) -> Json:
    """`units=[…]` is changed, `removed_units=[…]` is removed."""
    removed = {noun: nouns.pop(f"removed_{noun}", []) for noun in NOUNS}
    return {
        "format": 1,
        "directory_id": directory["id"],
        "base_revision": base,
        "revision": revision,
        "changed": {noun: nouns.get(noun, []) for noun in NOUNS},
        "removed": removed,
    }

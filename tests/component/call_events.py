# SPDX-License-Identifier: Apache-2.0
"""Events of calls as the gateway sends them (docs/architecture.md §4)."""

from typing import Any

from .administrator import Flat


def call_event(flat: Flat, kind: str = "incoming", **changed: Any) -> dict[str, Any]:
    """The door of the flat calls it; `changed` replaces fields."""
    caller = {"account_id": flat.door["id"], "username": "front-door", "kind": "door", "name": "Front door"}
    step = {"action": "ring", "ring_seconds": 30, "on_decline": "stop", "usernames": None, "rule_id": None}
    event = {
        "type": kind,
        "call_id": "call-1",
        "at": "2026-11-22T20:00:00.123456Z",
        "caller": caller,
        "dialled": "401" if kind in ("incoming", "denied") else None,
        "site_id": flat.site["id"],
        "building_id": flat.building["id"],
        "unit_id": flat.unit["id"],
        "account_id": None,
        "by": "panel-401" if kind in ("ringing", "joined", "refused", "answered", "declined") else None,
        "code": None,
        "reason": None,
        "steps": [step] if kind == "incoming" else None,
        "sip_call_id": "a84b4c76e66710",
        "test": False if kind in ("incoming", "denied") else None,
        **dict.fromkeys(("step", "away", "device", "session_id", "packets", "message_id", "seconds", "video")),
    }
    return event | changed

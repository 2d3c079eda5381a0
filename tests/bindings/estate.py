# SPDX-License-Identifier: Apache-2.0
"""One site, one building, one unit, a door station and a panel."""

from dataclasses import dataclass
from typing import Any

from _core import Directory

ACTOR = "tests"
SITE = {"name": "Home", "time_zone": "Europe/Paris", "domain": "192.168.1.2"}


def owner(kind: str, object_id: str) -> dict[str, str]:
    return {"type": kind, "id": object_id}


@dataclass(frozen=True)
class Estate:
    directory: Directory
    site: str
    building: str
    unit: str
    gate: str
    hall: str
    hall_password: str

    @classmethod
    def of(cls, directory: Directory) -> Estate:
        site = directory.create_site(SITE, actor=ACTOR)["id"]
        building = directory.create_building({"site_id": site, "name": "Main", "code": "A"}, actor=ACTOR)["id"]
        unit = directory.create_unit({"building_id": building, "number": "401"}, actor=ACTOR)["id"]
        gate, _ = directory.create_account(
            {"owner": owner("site", site), "kind": "door", "username": "gate"}, actor=ACTOR
        )
        hall, password = directory.create_account(
            {"owner": owner("unit", unit), "kind": "panel", "username": "hall"}, actor=ACTOR
        )
        return cls(directory, site, building, unit, gate["id"], hall["id"], password)

    def unit_fields(self, **fields: Any) -> dict[str, Any]:
        return {"building_id": self.building, "number": "7", **fields}

    def account_fields(self, **fields: Any) -> dict[str, Any]:
        return {"owner": owner("unit", self.unit), "kind": "mobile", "username": "anna", **fields}

    def rule_fields(self, **fields: Any) -> dict[str, Any]:
        return {
            "owner": owner("unit", self.unit),
            "position": 1,
            "source_pattern": "@door",
            "action": "ring",
            **fields,
        }

    def door_fields(self, **fields: Any) -> dict[str, Any]:
        return {"account_id": self.gate, "name": "Gate", "method": "dtmf", "dtmf_code": "#1", **fields}

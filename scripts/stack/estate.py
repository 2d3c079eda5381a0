# SPDX-License-Identifier: Apache-2.0
"""The example estate: one site, two buildings, five flats, two door stations and five panels."""

from dataclasses import dataclass, field

from .directory_commands import DirectoryCommands
from .home_assistant_api import Json

SITE = {"name": "Garden Court", "time_zone": "Europe/Paris"}
BUILDINGS = {"A": "House A", "B": "House B"}
UNITS = {"A": ("401", "402", "301"), "B": ("101", "102")}
PANELS = {
    "panel-401-hall": "401",
    "panel-401-kitchen": "401",
    "panel-402": "402",
    "panel-301": "301",
    "panel-101": "101",
}
DOORS = {"door-a": ("building", "A", "Front door A"), "gate": ("site", "", "Garden gate")}
REALM = "intercom.garden-court.example"


@dataclass
class Estate:
    """Objects by what people call them: site, buildings by code, units by number, accounts (with password) by username."""

    site: Json = field(default_factory=dict)
    buildings: dict[str, Json] = field(default_factory=dict)
    units: dict[str, Json] = field(default_factory=dict)
    accounts: dict[str, Json] = field(default_factory=dict)

    def owner(self, kind: str, name: str) -> Json:
        """The owner of an account or rule, by kind and name."""
        owners = {"unit": self.units, "building": self.buildings, "site": {name: self.site}}
        return {"type": kind, "id": owners[kind][name]["id"]}


async def create_estate(commands: DirectoryCommands, domain: str) -> Estate:
    """Create everything in an empty directory; devices connect to `domain`."""
    estate = Estate(site=await commands.create("site", **SITE, domain=domain))
    for code, name in BUILDINGS.items():
        estate.buildings[code] = await commands.create("building", site_id=estate.site["id"], code=code, name=name)
    for code, numbers in UNITS.items():
        for number in numbers:
            estate.units[number] = await commands.create(
                "unit", building_id=estate.buildings[code]["id"], number=number, name=f"Flat {code}{number}"
            )
    for username, number in PANELS.items():
        await create_account(commands, estate, "panel", username, estate.owner("unit", number))
    for username, (kind, place, name) in DOORS.items():
        await create_account(commands, estate, "door", username, estate.owner(kind, place), name)
    door = estate.accounts["door-a"]
    await commands.create("door", account_id=door["id"], name=door["name"], method="dtmf", dtmf_code="#1")
    return estate


async def create_account(
    commands: DirectoryCommands, estate: Estate, kind: str, username: str, owner: Json, name: str = ""
) -> Json:
    """Create an account with a password made by the directory."""
    fields = {"kind": kind, "username": username, "owner": owner, "name": name or username}
    account = estate.accounts[username] = await commands.create("account", **fields)
    return account

# SPDX-License-Identifier: Apache-2.0
"""An administrator in front of the panel: WebSocket commands in the words of the domain."""

from dataclasses import dataclass
from typing import Any

from homeassistant.core import HomeAssistant

DOMAIN = "neolia_intercom"


@dataclass
class Flat:
    """A home of one flat: what most tests need."""

    site: dict[str, Any]
    building: dict[str, Any]
    unit: dict[str, Any]
    door: dict[str, Any]
    panel: dict[str, Any]


class Administrator:
    """Commands go to the only entry unless `entry_id` says otherwise."""

    def __init__(self, hass: HomeAssistant, client: Any) -> None:
        self._hass = hass
        self._client = client

    async def send(self, command: str, **fields: Any) -> dict[str, Any]:
        """The whole WebSocket answer."""
        fields.setdefault("entry_id", self._entry_id())
        await self._client.send_json_auto_id({"type": f"{DOMAIN}/{command}", **fields})
        answer: dict[str, Any] = await self._client.receive_json()
        return answer

    async def ask(self, command: str, **fields: Any) -> dict[str, Any]:
        """The command's result: success and result, or error."""
        answer = await self.send(command, **fields)
        assert answer["success"], answer
        result: dict[str, Any] = answer["result"]
        return result

    async def do(self, command: str, **fields: Any) -> Any:
        """What a command that must succeed gives."""
        result = await self.ask(command, **fields)
        assert result["success"], result
        await self._hass.async_block_till_done()
        return result["result"]

    async def refused(self, command: str, **fields: Any) -> dict[str, Any]:
        """Why a command that must not succeed was refused."""
        result = await self.ask(command, **fields)
        assert not result["success"], result
        error: dict[str, Any] = result["error"]
        return error

    async def create(self, noun: str, **fields: Any) -> Any:
        return await self.do(f"{noun}/create", fields=fields)

    async def add_site(self, name: str = "Lindenhof") -> Any:
        return await self.create("site", name=name, time_zone="Europe/Zurich", domain="sip.example.org")

    async def add_unit(self, building: dict[str, Any], number: str = "401") -> Any:
        return await self.create("unit", building_id=building["id"], number=number)

    async def add_account(self, unit: dict[str, Any], username: str, kind: str = "panel") -> Any:
        owner = {"type": "unit", "id": unit["id"]}
        return await self.create("account", owner=owner, kind=kind, username=username)

    async def add_flat(self) -> Flat:
        """A site, a building, flat 401, its door and its panel."""
        site = await self.add_site()
        building = await self.create("building", site_id=site["id"], name="House A", code="A")
        unit = await self.add_unit(building)
        owner = {"type": "building", "id": building["id"]}
        door = await self.create("account", owner=owner, kind="door", username="front-door", name="Front door")
        return Flat(site, building, unit, door, await self.add_account(unit, "panel-401"))

    def _entry_id(self) -> str | None:
        entries = self._hass.config_entries.async_entries(DOMAIN)
        return entries[0].entry_id if entries else None

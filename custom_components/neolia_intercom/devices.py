# SPDX-License-Identifier: Apache-2.0
"""Keeps Home Assistant's devices the same as the directory: site → building → unit, and the gateway."""

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Literal

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_send

from .const import DOMAIN
from .directory import Changes
from .signals import signal_unit, signal_units_added

if TYPE_CHECKING:
    from ._core import Owner, Unit

MANUFACTURER = "Neolia Intercom"

type OwnerType = Literal["site", "building", "unit"]


class Devices:
    """The devices of one entry. Belongs to the event loop."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        self.units: dict[str, Unit] = {}
        self._hass = hass
        self._entry_id = entry.entry_id
        self._registry = dr.async_get(hass)
        self._types: dict[str, OwnerType] = {}
        self._ranks: dict[str, int] = {}
        self._gateway_id: str | None = None

    @callback
    def put_gateway(self, gateway_id: str) -> None:
        """Show the gateway. Before the first apply, which removes every device that stands for nothing."""
        self._gateway_id = gateway_id
        self._registry.async_get_or_create(
            config_entry_id=self._entry_id,
            identifiers={(DOMAIN, gateway_id)},
            entry_type=dr.DeviceEntryType.SERVICE,
            manufacturer=MANUFACTURER,
            translation_key="gateway",
        )

    @callback
    def set_gateway_version(self, version: str) -> None:
        """Show which version the gateway runs."""
        if self._gateway_id and (device := self._device(self._gateway_id)):
            self._registry.async_update_device(device.id, sw_version=version)

    @callback
    def apply(self, changes: Changes) -> None:
        """Follow a commit."""
        for site in changes.sites:
            self._put("site", site["id"], site["name"], None)
        for building in changes.buildings:
            self._put("building", building["id"], building["name"], building["site_id"])
        for unit in changes.units:
            self._put("unit", unit["id"], unit["name"], unit["building_id"])
        for object_id in self._gone(changes):
            self._remove(object_id)
        self._announce(changes.units)

    def owner(self, device: dr.DeviceEntry | dr.ChildDeviceEntry) -> Owner | None:
        """What an account of this device belongs to; None when it is no site, building or unit of this entry."""
        for _, object_id in device.identifiers:
            if owner_type := self._types.get(object_id):
                return {"type": owner_type, "id": object_id}
        return None

    def rank(self, unit_id: str) -> int:
        """How many units came before it."""
        return self._ranks[unit_id]

    def _device(self, object_id: str) -> dr.DeviceEntry | None:
        return self._registry.async_get_device_by_identifier((DOMAIN, object_id), self._entry_id)

    def _put(self, owner_type: OwnerType, object_id: str, name: str, parent_id: str | None) -> None:
        parent = self._device(parent_id) if parent_id else None
        self._types[object_id] = owner_type
        self._registry.async_get_or_create(
            config_entry_id=self._entry_id,
            identifiers={(DOMAIN, object_id)},
            entry_type=dr.DeviceEntryType.SERVICE,
            manufacturer=MANUFACTURER,
            name=name,
            via_device_id=parent.id if parent else None,
        )

    def _gone(self, changes: Changes) -> AbstractSet[str]:
        if changes.removed is not None:
            return changes.removed
        devices = dr.async_entries_for_config_entry(self._registry, self._entry_id)
        shown = {object_id for device in devices for _, object_id in device.identifiers}
        listed = {thing["id"] for things in (changes.sites, changes.buildings, changes.units) for thing in things}
        return shown - listed - {self._gateway_id}

    def _remove(self, object_id: str) -> None:
        """Its entities go with it."""
        if device := self._device(object_id):
            self._registry.async_remove_device(device.id)
        self._types.pop(object_id, None)
        self.units.pop(object_id, None)

    def _announce(self, units: list[Unit]) -> None:
        added = [unit for unit in units if unit["id"] not in self.units]
        self.units |= {unit["id"]: unit for unit in units}
        for unit in units:
            self._ranks.setdefault(unit["id"], len(self._ranks))
            async_dispatcher_send(self._hass, signal_unit(unit["id"]), unit)
        if added:
            async_dispatcher_send(self._hass, signal_units_added(self._entry_id), added)

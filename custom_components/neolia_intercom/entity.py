# SPDX-License-Identifier: Apache-2.0
"""What the entities of a unit, and those of a gateway, have in common."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .devices import Devices
from .gateway import Gateway
from .runtime import NeoliaConfigEntry
from .signals import signal_unit, signal_units_added

if TYPE_CHECKING:
    from ._core import Unit

ENABLED_UNITS = 1000
"""Home Assistant takes 10,000 enabled entities per entry. Of a larger estate, people enable what they need themselves."""


class NeoliaEntity(Entity):
    """Pushed, never polled; named after its key."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, object_id: str, description: EntityDescription) -> None:
        self.entity_description = description
        self._attr_translation_key = description.key
        self._attr_unique_id = f"{object_id}-{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, object_id)})


class GatewayEntity(NeoliaEntity):
    """Shows the publisher's state. Always available: that the gateway is away is what it tells."""

    def __init__(self, gateway: Gateway, description: EntityDescription) -> None:
        super().__init__(gateway.id, description)
        self.gateway = gateway

    async def async_added_to_hass(self) -> None:
        """Follow the publisher."""
        self.async_on_remove(self.gateway.publisher.listen(self.async_write_ha_state))


class UnitEntity(NeoliaEntity):
    """Knows its unit as it is now."""

    def __init__(self, devices: Devices, unit: Unit, description: EntityDescription) -> None:
        super().__init__(unit["id"], description)
        self._attr_entity_registry_enabled_default = devices.rank(unit["id"]) < ENABLED_UNITS
        self.unit = unit
        self._devices = devices

    async def async_added_to_hass(self) -> None:
        """Follow the unit, from what became of it since the entity was made."""
        unit_id = self.unit["id"]
        self.unit = self._devices.units.get(unit_id, self.unit)
        self.async_on_remove(async_dispatcher_connect(self.hass, signal_unit(unit_id), self._on_unit))

    @callback
    def _on_unit(self, unit: Unit) -> None:
        self.unit = unit
        self.async_write_ha_state()


@callback
def async_add_unit_entities(
    hass: HomeAssistant,
    entry: NeoliaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[Devices, Unit], Iterable[Entity]],
) -> None:
    """Add the entities of the units that are there and of those to come. They go with their device."""
    devices = entry.runtime_data.devices

    @callback
    def add(units: Iterable[Unit]) -> None:
        async_add_entities([entity for unit in units for entity in make(devices, unit)])

    entry.async_on_unload(async_dispatcher_connect(hass, signal_units_added(entry.entry_id), add))
    add(devices.units.values())

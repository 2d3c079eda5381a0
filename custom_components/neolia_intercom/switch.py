# SPDX-License-Identifier: Apache-2.0
"""Do-not-disturb of each unit. The directory is the truth: a change from anywhere shows here."""

from typing import TYPE_CHECKING, Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import ACTOR
from .devices import Devices
from .directory import Directory
from .entity import UnitEntity, async_add_unit_entities
from .errors import translate_errors
from .runtime import NeoliaConfigEntry

if TYPE_CHECKING:
    from ._core import Unit

PARALLEL_UPDATES = 0

DO_NOT_DISTURB = SwitchEntityDescription(key="do_not_disturb")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NeoliaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """One switch per unit."""
    directory = entry.runtime_data.directory
    async_add_unit_entities(
        hass,
        entry,
        async_add_entities,
        lambda devices, unit: [DoNotDisturb(devices, unit, directory)],
    )


class DoNotDisturb(UnitEntity, SwitchEntity):
    """While on, nothing rings in the unit."""

    def __init__(self, devices: Devices, unit: Unit, directory: Directory) -> None:
        super().__init__(devices, unit, DO_NOT_DISTURB)
        self._directory = directory

    @property
    @override
    def is_on(self) -> bool:
        """As in the directory."""
        return self.unit["do_not_disturb"]

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Do not disturb."""
        await self._write(True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Ring again."""
        await self._write(False)

    @translate_errors
    async def _write(self, do_not_disturb: bool) -> None:
        actor = (self._context and self._context.user_id) or ACTOR
        fields = {"do_not_disturb": do_not_disturb}
        await self._directory.write(lambda core: core.update_unit(self.unit["id"], fields, actor=actor))

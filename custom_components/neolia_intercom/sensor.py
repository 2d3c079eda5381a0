# SPDX-License-Identifier: Apache-2.0
"""Which revision of the directory the gateway runs."""

from typing import override

from homeassistant.components.sensor import SensorEntity, SensorEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import GatewayEntity
from .runtime import NeoliaConfigEntry

PARALLEL_UPDATES = 0

LIVE_REVISION = SensorEntityDescription(
    key="live_revision",
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NeoliaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """None without a gateway."""
    if gateway := entry.runtime_data.gateway:
        async_add_entities([LiveRevision(gateway, LIVE_REVISION)])


class LiveRevision(GatewayEntity, SensorEntity):
    """The revision that the gateway has read back from Kamailio."""

    @property
    @override
    def native_value(self) -> int | None:
        """As the publisher saw it last."""
        return self.gateway.publisher.state.live_revision

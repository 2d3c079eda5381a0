# SPDX-License-Identifier: Apache-2.0
"""Whether the gateway is there, and whether it runs the present revision."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import GatewayEntity
from .publisher import Publisher
from .runtime import NeoliaConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class GatewayBinarySensorDescription(BinarySensorEntityDescription):
    """`is_on` reads the publisher."""

    is_on: Callable[[Publisher], bool]


DESCRIPTIONS = (
    GatewayBinarySensorDescription(
        key="connected",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on=lambda publisher: publisher.state.connected,
    ),
    GatewayBinarySensorDescription(
        key="live",
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on=lambda publisher: publisher.live,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NeoliaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """None without a gateway."""
    if gateway := entry.runtime_data.gateway:
        async_add_entities(GatewayBinarySensor(gateway, description) for description in DESCRIPTIONS)


class GatewayBinarySensor(GatewayEntity, BinarySensorEntity):
    """A yes or no about the gateway."""

    entity_description: GatewayBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool:
        """As the publisher saw it last."""
        return self.entity_description.is_on(self.gateway.publisher)

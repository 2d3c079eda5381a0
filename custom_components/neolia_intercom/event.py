# SPDX-License-Identifier: Apache-2.0
"""The doorbell and the calls of each unit.

These entities stay available while the gateway is away: events are kept there and arrive later, and an entity that comes back from
unavailable would look like a ring to simple automations. Whether the gateway is connected is told by its own entity.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, override

from homeassistant.components.event import (
    DoorbellEventType,
    EventDeviceClass,
    EventEntity,
    EventEntityDescription,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .entity import UnitEntity, async_add_unit_entities
from .event_stream import CallEvent
from .runtime import NeoliaConfigEntry
from .signals import signal_call

if TYPE_CHECKING:
    from ._core import Unit

PARALLEL_UPDATES = 0
LATE = timedelta(seconds=60)
"""An event older than this when it arrives is marked, so that no chime needs to follow it."""


@dataclass(frozen=True, kw_only=True)
class UnitEventDescription(EventEntityDescription):
    """`type_of` says which event of the entity a call event is; None when it is none."""

    type_of: Callable[[CallEvent], str | None]
    attributes_of: Callable[[CallEvent, Unit], dict[str, Any]]


def ring_of(event: CallEvent) -> str | None:
    """A door called, and somebody is to be rung."""
    rings = (
        event["type"] == "incoming"
        and (event.get("caller") or {}).get("kind") == "door"
        and any(step.get("action") == "ring" for step in event.get("steps") or [])
    )
    return DoorbellEventType.RING if rings else None


def ring_attributes(event: CallEvent, unit: Unit) -> dict[str, Any]:
    """Which door, which unit."""
    caller = event["caller"]
    return {
        "door": caller.get("name"),
        "door_account_id": caller.get("account_id"),
        "caller": caller.get("username"),
        **_common_attributes(event, unit),
    }


def call_attributes(event: CallEvent, unit: Unit) -> dict[str, Any]:
    """Who calls, and how it went."""
    caller = event.get("caller") or {}
    return {
        "caller": caller.get("username"),
        "caller_name": caller.get("name"),
        "caller_kind": caller.get("kind"),
        **{name: event.get(name) for name in ("by", "code", "reason", "message_id", "seconds", "video")},
        **_common_attributes(event, unit),
    }


def _common_attributes(event: CallEvent, unit: Unit) -> dict[str, Any]:
    at = dt_util.parse_datetime(event["at"])
    return {
        "call_id": event["call_id"],
        "unit": unit["name"],
        "unit_id": unit["id"],
        "at": event["at"],
        "test": event.get("test") is True,
        "late": at is not None and dt_util.utcnow() - at > LATE,
    }


CALL_TYPES = ["incoming", "ringing", "answered", "declined", "missed", "ended", "denied", "message"]
"""Of the others, each device's and each step's own, the bus event and the call log tell."""

DESCRIPTIONS = (
    UnitEventDescription(
        key="doorbell",
        device_class=EventDeviceClass.DOORBELL,
        event_types=[DoorbellEventType.RING],
        type_of=ring_of,
        attributes_of=ring_attributes,
    ),
    UnitEventDescription(
        key="call",
        event_types=CALL_TYPES,
        type_of=lambda event: event["type"] if event["type"] in CALL_TYPES else None,
        attributes_of=call_attributes,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: NeoliaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Two entities per unit."""
    async_add_unit_entities(
        hass,
        entry,
        async_add_entities,
        lambda devices, unit: [UnitEvent(devices, unit, description) for description in DESCRIPTIONS],
    )


class UnitEvent(UnitEntity, EventEntity):
    """Events of calls to one unit."""

    entity_description: UnitEventDescription

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the unit's calls too."""
        await super().async_added_to_hass()
        self.async_on_remove(async_dispatcher_connect(self.hass, signal_call(self.unit["id"]), self._on_event))

    @callback
    def _on_event(self, event: CallEvent) -> None:
        if event_type := self.entity_description.type_of(event):
            self._trigger_event(event_type, self.entity_description.attributes_of(event, self.unit))
            self.async_write_ha_state()

# SPDX-License-Identifier: Apache-2.0
"""Dispatcher signals by unit, so that one change or call touches one unit's entities however many there are."""

from typing import TYPE_CHECKING, Any

from homeassistant.util.signal_type import SignalType

from .const import DOMAIN

if TYPE_CHECKING:
    from ._core import Unit


def signal_units_added(entry_id: str) -> SignalType[list[Unit]]:
    """Units that were not there before, after their devices were made."""
    return SignalType(f"{DOMAIN}_units_added_{entry_id}")


def signal_unit(unit_id: str) -> SignalType[Unit]:
    """A unit as it is after a change."""
    return SignalType(f"{DOMAIN}_unit_{unit_id}")


def signal_call(unit_id: str) -> SignalType[dict[str, Any]]:
    """An event of a call to the unit, as in docs/architecture.md §4."""
    return SignalType(f"{DOMAIN}_call_{unit_id}")

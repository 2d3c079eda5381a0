# SPDX-License-Identifier: Apache-2.0
"""What a loaded entry carries."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry

from .devices import Devices
from .directory import Directory
from .gateway import Gateway


@dataclass(frozen=True, slots=True)
class Runtime:
    """The parts of one entry, alive while it is loaded."""

    directory: Directory
    devices: Devices
    gateway: Gateway | None
    """None as long as no gateway is configured."""


type NeoliaConfigEntry = ConfigEntry[Runtime]

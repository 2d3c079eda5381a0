# SPDX-License-Identifier: Apache-2.0
"""Neolia Intercom: buildings, accounts and call rules in Home Assistant, calls by Kamailio."""

from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE, Platform
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from . import issues
from .actions import async_register_actions
from .const import CONF_GATEWAY_URL, DOMAIN
from .devices import Devices
from .directory_file import open_directory
from .gateway import Gateway
from .runtime import NeoliaConfigEntry, Runtime
from .websocket_api import async_register_commands

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = [Platform.BINARY_SENSOR, Platform.EVENT, Platform.SENSOR, Platform.SWITCH]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register what serves every entry."""
    async_register_actions(hass)
    async_register_commands(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: NeoliaConfigEntry) -> bool:
    """Open the directory, show it, then connect its gateway."""
    directory = await open_directory(hass, entry)
    entry.async_on_unload(directory.close)

    async def close(_: Event) -> None:
        await directory.close()

    entry.async_on_unload(hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close))
    devices = Devices(hass, entry)
    gateway = Gateway(hass, entry, directory, devices) if CONF_GATEWAY_URL in entry.data else None
    entry.runtime_data = Runtime(directory, devices, gateway)

    if gateway:
        devices.put_gateway(gateway.id)
    devices.apply(await directory.whole())
    entry.async_on_unload(directory.listen(devices.apply))
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    if gateway:
        gateway.start()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: NeoliaConfigEntry) -> bool:
    """Take the entities away, after their last event; the rest goes with the entry."""
    if gateway := entry.runtime_data.gateway:
        await gateway.events.stop()
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: NeoliaConfigEntry) -> None:
    """The directory's file stays, so that a mistake costs nobody their accounts; README tells how to delete it."""
    issues.delete_directory(hass, entry)

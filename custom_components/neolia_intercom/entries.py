# SPDX-License-Identifier: Apache-2.0
"""From the id that a command or an action carries to the loaded entry, and to its gateway."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .gateway_services import GatewayServices
from .runtime import NeoliaConfigEntry, Runtime


def loaded_runtime(hass: HomeAssistant, entry_id: str) -> Runtime:
    """The parts of the entry; ServiceValidationError when there is no such entry or it is not loaded."""
    entry: NeoliaConfigEntry | None = hass.config_entries.async_get_entry(entry_id)
    if entry is None or entry.domain != DOMAIN:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="unknown_entry",
            translation_placeholders={"entry_id": entry_id},
        )
    if entry.state is not ConfigEntryState.LOADED:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="entry_not_loaded",
            translation_placeholders={"name": entry.title},
        )
    return entry.runtime_data


def services_of(runtime: Runtime) -> GatewayServices:
    """What can be asked of the gateway; ServiceValidationError when none is configured."""
    if runtime.gateway is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_gateway",
            translation_placeholders={"name": runtime.directory.name},
        )
    return runtime.gateway.services

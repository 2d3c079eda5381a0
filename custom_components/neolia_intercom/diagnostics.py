# SPDX-License-Identifier: Apache-2.0
"""What a bug report needs: numbers and states, no names, no addresses, no secrets."""

from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.core import HomeAssistant

from .const import CONF_ADOPT, CONF_GATEWAY_TOKEN, CONF_GATEWAY_URL, CONF_REALM
from .runtime import NeoliaConfigEntry
from .status import status_of

TO_REDACT = {
    CONF_GATEWAY_TOKEN,
    CONF_GATEWAY_URL,
    CONF_REALM,
    CONF_ADOPT,
    "name",
    "foreign",
    "message",
}


async def async_get_config_entry_diagnostics(hass: HomeAssistant, entry: NeoliaConfigEntry) -> dict[str, Any]:
    """The entry's data and the present status."""
    return async_redact_data({"entry": dict(entry.data), **await status_of(entry.runtime_data)}, TO_REDACT)

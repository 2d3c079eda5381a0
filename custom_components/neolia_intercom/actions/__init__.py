# SPDX-License-Identifier: Apache-2.0
"""Actions, for scripts and administrators: one table for all of them, registered once."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.service import async_register_admin_service

from ..const import DOMAIN
from . import calls, directory


@callback
def async_register_actions(hass: HomeAssistant) -> None:
    """Once, for all entries."""
    for name, call, schema, supports_response in (*directory.ACTIONS, *calls.ACTIONS):
        async_register_admin_service(hass, DOMAIN, name, call, schema, supports_response)

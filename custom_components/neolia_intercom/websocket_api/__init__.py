# SPDX-License-Identifier: Apache-2.0
"""The commands of the admin panel (docs/architecture.md §7), one table for all of them."""

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback

from . import calls, messages, objects, sessions, state


@callback
def async_register_commands(hass: HomeAssistant) -> None:
    """Once, for all entries."""
    for command in (*objects.COMMANDS, *state.COMMANDS, *calls.COMMANDS, *sessions.COMMANDS, *messages.COMMANDS):
        websocket_api.async_register_command(hass, command)

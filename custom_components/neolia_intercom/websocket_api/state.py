# SPDX-License-Identifier: Apache-2.0
"""`simulate`, `status` and `info`."""

from typing import Any

from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.decorators import require_admin, websocket_command
from homeassistant.core import HomeAssistant, callback
import probatio as vol

from ..const import DOMAIN
from ..status import status_of
from .command import ID, TEXT, Request, directory_command


async def _simulate(request: Request) -> Any:
    message = request.message
    return await request.runtime.directory.read(
        lambda core: core.simulate(message["caller_account_id"], message["dialled"], message.get("at"))
    )


async def _status(request: Request) -> dict[str, Any]:
    return await status_of(request.runtime)


@websocket_command({vol.Required("type"): f"{DOMAIN}/info"})
@require_admin
@callback
def _info(hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
    """Which directories there are, so that a page knows what to ask for."""
    entries = [
        {"entry_id": entry.entry_id, "title": entry.title, "state": entry.state.value}
        for entry in hass.config_entries.async_entries(DOMAIN)
    ]
    connection.send_result(message["id"], {"success": True, "result": {"entries": entries}})


COMMANDS = [
    directory_command(
        "simulate",
        {
            vol.Required("caller_account_id"): ID,
            vol.Required("dialled"): TEXT,
            vol.Optional("at"): vol.Any(None, TEXT),
        },
        _simulate,
    ),
    directory_command("status", {}, _status),
    _info,
]

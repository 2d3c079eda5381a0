# SPDX-License-Identifier: Apache-2.0
"""`session/…`, the credentials of browsers, and `registration/list`."""

from homeassistant.helpers.typing import VolDictType
import probatio as vol

from ..gateway_services import SESSION_SECONDS
from .command import ID, gateway_command

ACCOUNT_ID: VolDictType = {vol.Required("account_id"): ID}
OPTIONAL_ACCOUNT_ID: VolDictType = {vol.Optional("account_id"): vol.Any(None, ID)}
SESSION_ID: VolDictType = {vol.Required("session_id"): ID}
SECONDS: VolDictType = {vol.Optional("seconds", default=SESSION_SECONDS): int}

COMMANDS = [
    gateway_command(
        "session/create",
        ACCOUNT_ID | SECONDS,
        lambda gateway, message: gateway.create_session(message["account_id"], message["seconds"]),
    ),
    gateway_command(
        "session/renew",
        SESSION_ID | SECONDS,
        lambda gateway, message: gateway.renew_session(message["session_id"], message["seconds"]),
    ),
    gateway_command(
        "session/list",
        OPTIONAL_ACCOUNT_ID,
        lambda gateway, message: gateway.list_sessions(message.get("account_id")),
    ),
    gateway_command(
        "session/revoke",
        SESSION_ID,
        lambda gateway, message: gateway.revoke_session(message["session_id"]),
    ),
    gateway_command(
        "registration/list",
        OPTIONAL_ACCOUNT_ID,
        lambda gateway, message: gateway.list_registrations(message.get("account_id")),
    ),
]

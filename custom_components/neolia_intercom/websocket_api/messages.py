# SPDX-License-Identifier: Apache-2.0
"""`message/…`, what visitors left, and `greeting/…`, what they hear before."""

from base64 import b64decode, b64encode
import binascii
from typing import Any

from homeassistant.helpers.typing import VolDictType
import probatio as vol

from ..entries import services_of
from ..gateway_client import GatewayRefusedError
from ..gateway_services import MAX_GREETING, GatewayServices
from .command import ID, Request, directory_command, gateway_command

MESSAGE_ID: VolDictType = {vol.Required("message_id"): ID}
UNIT_ID: VolDictType = {vol.Optional("unit_id"): vol.Any(None, ID)}
BASE64 = vol.All(str, vol.Length(max=MAX_GREETING * 4 // 3 + 4))


async def _fetch(request: Request) -> dict[str, str]:
    """Encoded in the executor: there may be 32 MB of it."""
    media = await services_of(request.runtime).fetch_message(request.message["message_id"])
    data = await request.hass.async_add_executor_job(b64encode, media.data)
    return {"media_type": media.media_type, "data": data.decode()}


async def _set_greeting(gateway: GatewayServices, message: dict[str, Any]) -> dict[str, Any]:
    try:
        wav = b64decode(message["data"], validate=True)
    except (binascii.Error, ValueError) as error:
        text = "Must be a WAV file in base64."
        field = {"code": "format", "path": "data", "message": text}
        raise GatewayRefusedError(f"data: {text}", reason="invalid", fields=[field]) from error
    return await gateway.set_greeting(wav, message.get("unit_id"))


COMMANDS = [
    gateway_command("message/list", UNIT_ID, lambda gateway, message: gateway.list_messages(message.get("unit_id"))),
    directory_command("message/fetch", MESSAGE_ID, _fetch),
    gateway_command(
        "message/delete", MESSAGE_ID, lambda gateway, message: gateway.delete_message(message["message_id"])
    ),
    gateway_command("greeting/set", UNIT_ID | {vol.Required("data"): BASE64}, _set_greeting),
    gateway_command("greeting/reset", UNIT_ID, lambda gateway, message: gateway.reset_greeting(message.get("unit_id"))),
]

# SPDX-License-Identifier: Apache-2.0
"""How a command on one entry's directory or gateway is made: guarded, bounded, its refusals turned into results."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.const import ERR_NOT_FOUND, WebSocketCommandHandler
from homeassistant.components.websocket_api.decorators import (
    async_response,
    require_admin,
    websocket_command,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.json import json_bytes
from homeassistant.helpers.typing import VolDictType
import probatio as vol

from ..const import DOMAIN
from ..core import DirectoryError
from ..entries import loaded_runtime, services_of
from ..errors import INPUT_CODES, translated
from ..gateway_client import GatewayError, GatewayRefusedError
from ..gateway_services import GatewayServices
from ..runtime import Runtime

MAX_OBJECT_BYTES = 64 * 1024

ID = vol.All(str, vol.Length(max=64))
PASSWORD = vol.All(str, vol.Length(max=256))
TEXT = vol.All(str, vol.Length(max=256))


def bounded_object(value: Any) -> dict[str, Any]:
    """A JSON object that is not absurdly large; what it says is checked by the directory."""
    if not isinstance(value, dict):
        raise vol.Invalid("expected an object")
    if len(json_bytes(value)) > MAX_OBJECT_BYTES:
        raise vol.Invalid(f"larger than {MAX_OBJECT_BYTES} bytes")
    return value


@dataclass(frozen=True, slots=True)
class Request:
    """One message to one loaded entry."""

    hass: HomeAssistant
    runtime: Runtime
    message: dict[str, Any]
    actor: str


type Answer = Callable[[Request], Awaitable[Any]]
type GatewayAnswer = Callable[[GatewayServices, dict[str, Any]], Awaitable[Any]]


def directory_command(name: str, schema: VolDictType, answer: Answer) -> WebSocketCommandHandler:
    """The handler of `neolia_intercom/<name>`; what `answer` returns is the result."""

    @require_admin
    @async_response
    async def handle(hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
        try:
            runtime = loaded_runtime(hass, message["entry_id"])
        except ServiceValidationError as error:
            connection.send_error(message["id"], ERR_NOT_FOUND, str(error))
            return
        request = Request(hass, runtime, message, connection.user.id)
        connection.send_result(message["id"], await _result(answer, request))

    types: VolDictType = {
        vol.Required("type"): f"{DOMAIN}/{name}",
        vol.Required("entry_id"): ID,
        **schema,
    }
    return websocket_command(types)(handle)


def gateway_command(name: str, schema: VolDictType, answer: GatewayAnswer) -> WebSocketCommandHandler:
    """The same for what the gateway answers to the message."""

    async def ask(request: Request) -> Any:
        return await answer(services_of(request.runtime), request.message)

    return directory_command(name, schema, ask)


async def _result(answer: Answer, request: Request) -> dict[str, Any]:
    try:
        return {"success": True, "result": await answer(request)}
    except DirectoryError as error:
        if error.code not in INPUT_CODES:
            raise translated(error) from error
        return _refused(error.code, error.message, error.fields)
    except GatewayRefusedError as error:
        if error.is_fault:
            raise translated(error) from error
        return _refused(error.reason, str(error), error.fields)
    except GatewayError as error:
        raise translated(error) from error


def _refused(code: str, message: str, fields: Any) -> dict[str, Any]:
    return {"success": False, "error": {"code": code, "message": message, "fields": fields}}

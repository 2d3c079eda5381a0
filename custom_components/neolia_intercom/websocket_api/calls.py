# SPDX-License-Identifier: Apache-2.0
"""`call/…`: the log and its explanations from the directory; calls that go on, and test calls, from the gateway."""

from typing import Any

from homeassistant.helpers.typing import VolDictType
import probatio as vol

from .command import ID, TEXT, Request, directory_command, gateway_command

DEFAULT_LIMIT = 100
CALL_ID: VolDictType = {vol.Required("call_id"): ID}


async def _list(request: Request) -> Any:
    message = request.message
    return await request.runtime.directory.read(
        lambda core: core.list_calls(message["limit"], message.get("before"), message.get("unit_id"))
    )


async def _explain(request: Request) -> Any:
    return await request.runtime.directory.read(lambda core: core.explain_call(request.message["call_id"]))


COMMANDS = [
    directory_command(
        "call/list",
        {
            vol.Optional("limit", default=DEFAULT_LIMIT): int,
            vol.Optional("before"): vol.Any(None, int),
            vol.Optional("unit_id"): vol.Any(None, ID),
        },
        _list,
    ),
    directory_command("call/explain", CALL_ID, _explain),
    gateway_command("call/active", {}, lambda gateway, _: gateway.list_calls()),
    gateway_command(
        "call/end",
        CALL_ID | {vol.Optional("reason"): vol.In(["door_opened", "stopped"])},
        lambda gateway, message: gateway.end_call(message["call_id"], message.get("reason")),
    ),
    gateway_command(
        "call/test",
        {vol.Required("account_id"): ID, vol.Required("dialled"): TEXT},
        lambda gateway, message: gateway.test_call(message["account_id"], message["dialled"]),
    ),
]

# SPDX-License-Identifier: Apache-2.0
"""Actions on the directory, for scripts and administrators; their answers are the response."""

from typing import cast

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import probatio as vol

from ..const import ACTOR
from ..entries import loaded_runtime
from ..errors import translate_errors
from .owner import owner_of

SHORT_TEXT = vol.All(cv.string, vol.Length(max=256))

CREATE_ACCOUNT = vol.Schema(
    {
        vol.Required(ATTR_DEVICE_ID): SHORT_TEXT,
        vol.Required("kind"): vol.In(["door", "panel", "mobile"]),
        vol.Required("username"): SHORT_TEXT,
        vol.Optional("name"): SHORT_TEXT,
        vol.Optional("enabled"): cv.boolean,
        vol.Optional("password"): SHORT_TEXT,
    }
)

SIMULATE = vol.Schema(
    {
        vol.Required("entry_id"): SHORT_TEXT,
        vol.Required("caller_account_id"): SHORT_TEXT,
        vol.Required("dialled"): SHORT_TEXT,
        vol.Optional("at"): SHORT_TEXT,
    }
)


@translate_errors
async def _create_account(call: ServiceCall) -> ServiceResponse:
    """The account and its password, which is shown here and never again."""
    runtime, owner = owner_of(call)
    fields = {name: call.data[name] for name in ("kind", "username", "name", "enabled") if name in call.data}
    account, password = await runtime.directory.write(
        lambda core: core.create_account(
            {**fields, "owner": owner},
            actor=call.context.user_id or ACTOR,
            password=call.data.get("password"),
        )
    )
    return {"account": cast("JsonObjectType", account), "password": password}


@translate_errors
async def _simulate(call: ServiceCall) -> ServiceResponse:
    """What a call would do, and why."""
    runtime = loaded_runtime(call.hass, call.data["entry_id"])
    data = call.data
    simulation = await runtime.directory.read(
        lambda core: core.simulate(data["caller_account_id"], data["dialled"], data.get("at"))
    )
    return cast("JsonObjectType", simulation)


ACTIONS = (
    ("create_account", _create_account, CREATE_ACCOUNT, SupportsResponse.ONLY),
    ("simulate", _simulate, SIMULATE, SupportsResponse.ONLY),
)

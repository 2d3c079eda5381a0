# SPDX-License-Identifier: Apache-2.0
"""Actions, for scripts and administrators: registered once, their answers are the response."""

from typing import cast

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util.json import JsonObjectType
import probatio as vol

from .const import ACTOR, DOMAIN
from .entries import loaded_runtime
from .errors import translate_errors

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


@callback
def async_register_actions(hass: HomeAssistant) -> None:
    """Once, for all entries."""
    for name, call, schema in (
        ("create_account", _create_account, CREATE_ACCOUNT),
        ("simulate", _simulate, SIMULATE),
    ):
        async_register_admin_service(hass, DOMAIN, name, call, schema, SupportsResponse.ONLY)


@translate_errors
async def _create_account(call: ServiceCall) -> ServiceResponse:
    """The account and its password, which is shown here and never again."""
    device = dr.async_get(call.hass).async_get(call.data[ATTR_DEVICE_ID])
    if device is None:
        raise _no_owner(call)
    runtime = loaded_runtime(call.hass, device.config_entry_id)
    if (owner := runtime.devices.owner(device)) is None:
        raise _no_owner(call)
    fields = {name: call.data[name] for name in ("kind", "username", "name", "enabled") if name in call.data}
    account, password = await runtime.directory.write(
        lambda core: core.create_account(
            {**fields, "owner": owner},
            actor=call.context.user_id or ACTOR,
            password=call.data.get("password"),
        )
    )
    return {"account": cast("JsonObjectType", account), "password": password}


def _no_owner(call: ServiceCall) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="no_owner",
        translation_placeholders={"device_id": call.data[ATTR_DEVICE_ID]},
    )


@translate_errors
async def _simulate(call: ServiceCall) -> ServiceResponse:
    """What a call would do, and why."""
    runtime = loaded_runtime(call.hass, call.data["entry_id"])
    data = call.data
    simulation = await runtime.directory.read(
        lambda core: core.simulate(data["caller_account_id"], data["dialled"], data.get("at"))
    )
    return cast("JsonObjectType", simulation)

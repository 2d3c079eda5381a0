# SPDX-License-Identifier: Apache-2.0
"""Actions on calls: end them, make one as a test, ask why one did or did not ring."""

from typing import TYPE_CHECKING, cast

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import probatio as vol

from ..const import DOMAIN
from ..core import Core
from ..entries import loaded_runtime, services_of
from ..errors import translate_errors
from .directory import SHORT_TEXT
from .owner import owner_of

if TYPE_CHECKING:
    from .._core import Account, Owner

END_CALL = vol.All(
    vol.Schema(
        {
            vol.Required("entry_id"): SHORT_TEXT,
            vol.Exclusive("call_id", "calls"): SHORT_TEXT,
            vol.Exclusive("account_id", "calls"): SHORT_TEXT,
            vol.Optional("reason"): vol.In(["door_opened", "stopped"]),
        }
    ),
    cv.has_at_least_one_key("call_id", "account_id"),
)
TEST_CALL = vol.Schema({vol.Required(ATTR_DEVICE_ID): SHORT_TEXT, vol.Optional("account_id"): SHORT_TEXT})
EXPLAIN_CALL = vol.Schema({vol.Required("entry_id"): SHORT_TEXT, vol.Required("call_id"): SHORT_TEXT})


@translate_errors
async def _end_call(call: ServiceCall) -> ServiceResponse:
    """One call, or all of an account: the door was opened, or nobody needs to ring any more."""
    gateway = services_of(loaded_runtime(call.hass, call.data["entry_id"]))
    if "account_id" in call.data:
        return {"ended": await gateway.end_calls_of(call.data["account_id"])}
    await gateway.end_call(call.data["call_id"], call.data.get("reason"))
    return {"ended": 1}


@translate_errors
async def _test_call(call: ServiceCall) -> ServiceResponse:
    """Ring a unit as one of its door stations would."""
    runtime, owner = owner_of(call)
    gateway = services_of(runtime)
    if owner["type"] != "unit":
        raise _refused("no_unit", call)
    account_id, dialled = await runtime.directory.read(lambda core: _door_and_number(core, owner["id"]))
    account_id = call.data.get("account_id", account_id)
    if account_id is None:
        raise _refused("no_door", call)
    made = await gateway.test_call(account_id, dialled)
    return {**made, "account_id": account_id, "dialled": dialled}


def _refused(key: str, call: ServiceCall) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={"device_id": call.data[ATTR_DEVICE_ID]},
    )


def _door_and_number(core: Core, unit_id: str) -> tuple[str | None, str]:
    """The nearest door station, and what it dials wherever in the site it stands."""
    unit = core.get_unit(unit_id)
    building = core.get_building(unit["building_id"])
    owners: list[Owner] = [
        {"type": "unit", "id": unit["id"]},
        {"type": "building", "id": building["id"]},
        {"type": "site", "id": building["site_id"]},
    ]
    accounts = [account for owner in owners for account in core.list_accounts({"owner": owner})]
    return next((account["id"] for account in accounts if _is_door(account)), None), building["code"] + unit["number"]


def _is_door(account: Account) -> bool:
    return account["kind"] == "door" and account["enabled"]


@translate_errors
async def _explain_call(call: ServiceCall) -> ServiceResponse:
    """What happened, in sentences."""
    runtime = loaded_runtime(call.hass, call.data["entry_id"])
    explanation = await runtime.directory.read(lambda core: core.explain_call(call.data["call_id"]))
    return cast("JsonObjectType", explanation)


ACTIONS = (
    ("end_call", _end_call, END_CALL, SupportsResponse.OPTIONAL),
    ("test_call", _test_call, TEST_CALL, SupportsResponse.OPTIONAL),
    ("explain_call", _explain_call, EXPLAIN_CALL, SupportsResponse.ONLY),
)

# SPDX-License-Identifier: Apache-2.0
"""Actions with their responses, for administrators and automations."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from .administrator import Administrator, Flat
from .conftest import DOMAIN


@pytest.fixture
async def flat(entry: ConfigEntry, administrator: Administrator) -> Flat:
    return await administrator.add_flat()


def device_id(hass: HomeAssistant, entry: ConfigEntry, thing: dict[str, Any]) -> str:
    found = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, thing["id"]), entry.entry_id)
    assert found
    return found.id


async def call(hass: HomeAssistant, action: str, context: Context | None = None, **data: Any) -> Any:
    return await hass.services.async_call(DOMAIN, action, data, blocking=True, return_response=True, context=context)


async def test_create_account(
    hass: HomeAssistant, entry: ConfigEntry, flat: Flat, administrator: Administrator
) -> None:
    unit = device_id(hass, entry, flat.unit)
    response = await call(hass, "create_account", device_id=unit, kind="mobile", username="phone", name="Anna")
    account, password = response["account"], response["password"]
    assert (account["username"], account["name"], account["kind"]) == ("phone", "Anna", "mobile")
    assert account["owner"] == {"type": "unit", "id": flat.unit["id"]}
    assert len(password) >= 16
    assert account in await administrator.do("account/list")


async def test_create_a_door_of_a_building_with_a_password(hass: HomeAssistant, entry: ConfigEntry, flat: Flat) -> None:
    building = device_id(hass, entry, flat.building)
    response = await call(
        hass,
        "create_account",
        device_id=building,
        kind="door",
        username="back-door",
        enabled=False,
        password="Correct-Horse-7",
    )
    assert response["password"] == "Correct-Horse-7"
    assert response["account"]["owner"] == {"type": "building", "id": flat.building["id"]}
    assert response["account"]["enabled"] is False


async def test_a_refusal_names_the_fields(hass: HomeAssistant, entry: ConfigEntry, flat: Flat) -> None:
    unit = device_id(hass, entry, flat.unit)
    with pytest.raises(ServiceValidationError) as caught:
        await call(hass, "create_account", device_id=unit, kind="panel", username="No Spaces")
    assert caught.value.translation_key == "refused"
    assert "username: " in (caught.value.translation_placeholders or {})["details"]


@pytest.mark.parametrize("username", ["x" * 10_000_000, "a\x00b", {"a": 1}, None, ["x"]])
async def test_what_is_no_username(hass: HomeAssistant, entry: ConfigEntry, flat: Flat, username: Any) -> None:
    unit = device_id(hass, entry, flat.unit)
    with pytest.raises((vol.Invalid, ServiceValidationError)):
        await call(hass, "create_account", device_id=unit, kind="panel", username=username)


async def test_devices_that_own_nothing(
    hass: HomeAssistant, connected_entry: ConfigEntry, administrator: Administrator
) -> None:
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    foreign = dr.async_get(hass).async_get_or_create(config_entry_id=other.entry_id, identifiers={("other", "x")})
    gateway = device_id(hass, connected_entry, {"id": f"{connected_entry.unique_id}-gateway"})
    for strange, key in (("nobody", "no_owner"), (foreign.id, "unknown_entry"), (gateway, "no_owner")):
        with pytest.raises(ServiceValidationError) as caught:
            await call(hass, "create_account", device_id=strange, kind="panel", username="x")
        assert caught.value.translation_key == key


async def test_simulate(hass: HomeAssistant, entry: ConfigEntry, flat: Flat) -> None:
    told = await call(hass, "simulate", entry_id=entry.entry_id, caller_account_id=flat.door["id"], dialled="401")
    assert (told["outcome"], told["steps"][0]["action"]) == ("steps", "ring")
    with pytest.raises(ServiceValidationError, match="not accept"):
        await call(hass, "simulate", entry_id=entry.entry_id, caller_account_id="nobody", dialled="401", at="soon")


async def test_unknown_and_unloaded_entries(hass: HomeAssistant, entry: ConfigEntry, flat: Flat) -> None:
    request = {"caller_account_id": flat.door["id"], "dialled": "401"}
    with pytest.raises(ServiceValidationError, match="no Neolia Intercom entry nobody"):
        await call(hass, "simulate", entry_id="nobody", **request)
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ServiceValidationError, match="Home is not loaded"):
        await call(hass, "simulate", entry_id=entry.entry_id, **request)


async def test_a_directory_that_fails(hass: HomeAssistant, entry: ConfigEntry, flat: Flat) -> None:
    await entry.runtime_data.directory.close()
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, "simulate", entry_id=entry.entry_id, caller_account_id=flat.door["id"], dialled="401")
    assert caught.value.translation_key == "directory_failed"


@pytest.mark.parametrize("action", ["create_account", "simulate"])
async def test_administrators_only(
    hass: HomeAssistant, entry: ConfigEntry, flat: Flat, hass_read_only_user: MockUser, action: str
) -> None:
    data = {
        "create_account": {"device_id": device_id(hass, entry, flat.unit), "kind": "panel", "username": "x"},
        "simulate": {"entry_id": entry.entry_id, "caller_account_id": flat.door["id"], "dialled": "401"},
    }
    with pytest.raises(Unauthorized):
        await call(hass, action, Context(user_id=hass_read_only_user.id), **data[action])

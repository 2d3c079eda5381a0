# SPDX-License-Identifier: Apache-2.0
"""Actions on calls: end, test, explain."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from .administrator import Administrator, Flat
from .call_events import call_event
from .conftest import DOMAIN
from .fake_gateway import FakeGateway
from .fake_services import CALLER, call
from .test_actions import call as act
from .test_actions import device_id


@pytest.fixture
async def flat(connected_entry: ConfigEntry, administrator: Administrator) -> Flat:
    return await administrator.add_flat()


async def test_end_a_call(hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway, flat: Flat) -> None:
    entry_id = connected_entry.entry_id
    gateway.services.calls = [call("a"), call("b"), call("c")]
    assert await act(hass, "end_call", entry_id=entry_id, call_id="a", reason="door_opened") == {"ended": 1}
    await hass.services.async_call(DOMAIN, "end_call", {"entry_id": entry_id, "call_id": "b"}, blocking=True)
    assert gateway.services.ended == [("a", "door_opened"), ("b", None)]
    assert await act(hass, "end_call", entry_id=entry_id, account_id=CALLER["account_id"]) == {"ended": 1}
    assert gateway.services.calls == []
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "end_call", entry_id=entry_id, call_id="a")
    assert caught.value.translation_key == "gateway_refused"


@pytest.mark.parametrize(
    "data", [{}, {"call_id": "a", "account_id": "b"}, {"call_id": "x" * 300}, {"call_id": "a", "reason": "bored"}]
)
async def test_what_is_no_end(
    hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway, data: dict[str, str]
) -> None:
    with pytest.raises(vol.Invalid):
        await act(hass, "end_call", entry_id=connected_entry.entry_id, **data)


async def test_a_test_call_comes_from_the_nearest_door(
    hass: HomeAssistant,
    connected_entry: ConfigEntry,
    gateway: FakeGateway,
    flat: Flat,
    administrator: Administrator,
) -> None:
    unit = device_id(hass, connected_entry, flat.unit)
    made = await act(hass, "test_call", device_id=unit)
    assert made == {"sip_call_id": "test-1@gateway", "account_id": flat.door["id"], "dialled": "A401"}
    owner = {"type": "unit", "id": flat.unit["id"]}
    nearer = await administrator.create("account", owner=owner, kind="door", username="own-door")
    assert (await act(hass, "test_call", device_id=unit))["account_id"] == nearer["id"]
    await administrator.do("account/update", account_id=nearer["id"], fields={"enabled": False})
    with pytest.raises(ServiceValidationError, match="too_many"):
        await act(hass, "test_call", device_id=unit)
    gateway.services.test_calls.clear()
    assert (await act(hass, "test_call", device_id=unit, account_id=nearer["id"]))["account_id"] == nearer["id"]
    asked = {"account_id": nearer["id"], "dialled": "A401"}
    assert gateway.services.test_calls == [asked]


async def test_a_test_call_that_cannot_be(
    hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway, flat: Flat, administrator: Administrator
) -> None:
    for thing, key in ((flat.building, "no_unit"), (flat.site, "no_unit")):
        with pytest.raises(ServiceValidationError) as caught:
            await act(hass, "test_call", device_id=device_id(hass, connected_entry, thing))
        assert caught.value.translation_key == key
    await administrator.do("account/delete", account_id=flat.door["id"])
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "test_call", device_id=device_id(hass, connected_entry, flat.unit))
    assert caught.value.translation_key == "no_door"


async def test_a_gateway_that_fails(
    hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway, flat: Flat
) -> None:
    request = {"entry_id": connected_entry.entry_id, "call_id": "a"}
    gateway.services.is_down = True
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "end_call", **request)
    assert type(caught.value) is HomeAssistantError
    assert caught.value.translation_key == "gateway_refused"
    await gateway.go_away()
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "end_call", **request)
    assert caught.value.translation_key == "gateway_unreachable"


async def test_no_gateway(hass: HomeAssistant, entry: ConfigEntry) -> None:
    with pytest.raises(ServiceValidationError, match="Home has no gateway"):
        await act(hass, "end_call", entry_id=entry.entry_id, call_id="a")


async def test_explain_a_call(hass: HomeAssistant, entry: ConfigEntry, administrator: Administrator) -> None:
    flat = await administrator.add_flat()
    denied = call_event(flat, "denied", reason="no_rule", code=403)
    await entry.runtime_data.directory.read(lambda core: core.record_events("s", [(1, denied)]))
    told = await act(hass, "explain_call", entry_id=entry.entry_id, call_id="call-1")
    assert (told["outcome"], told["sentences"][0]["text"]) == ("denied", "Front door called 401.")
    with pytest.raises(ServiceValidationError, match="There is no call"):
        await act(hass, "explain_call", entry_id=entry.entry_id, call_id="call-2")


@pytest.mark.parametrize("action", ["end_call", "test_call", "explain_call"])
async def test_administrators_only(
    hass: HomeAssistant, connected_entry: ConfigEntry, flat: Flat, hass_read_only_user: MockUser, action: str
) -> None:
    request: dict[str, Any] = {"entry_id": connected_entry.entry_id, "call_id": "call-1"}
    if action == "test_call":
        request = {"device_id": device_id(hass, connected_entry, flat.unit)}
    with pytest.raises(Unauthorized):
        await act(hass, action, Context(user_id=hass_read_only_user.id), **request)

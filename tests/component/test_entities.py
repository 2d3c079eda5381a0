# SPDX-License-Identifier: Apache-2.0
"""What a person sees: devices, doorbell, calls, do-not-disturb, the gateway's own entities."""

from datetime import timedelta
from typing import Any

from homeassistant.components.event import EventDeviceClass
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser, async_capture_events

from custom_components.neolia_intercom import entity

from .administrator import Administrator
from .call_events import call_event
from .conftest import DOMAIN, reconfigure
from .fake_gateway import FakeGateway
from .waiting import sooner_or_later, until


def device(hass: HomeAssistant, entry: ConfigEntry, object_id: str) -> dr.DeviceEntry | None:
    return dr.async_get(hass).async_get_device_by_identifier((DOMAIN, object_id), entry.entry_id)


def names(hass: HomeAssistant, entry: ConfigEntry) -> set[str | None]:
    return {found.name for found in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)}


def entity_ids(hass: HomeAssistant, entry: ConfigEntry) -> set[str]:
    return {found.entity_id for found in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)}


async def test_devices_follow_the_directory(
    hass: HomeAssistant, entry: ConfigEntry, administrator: Administrator
) -> None:
    flat = await administrator.add_flat()
    site, building, unit = (device(hass, entry, noun["id"]) for noun in (flat.site, flat.building, flat.unit))
    assert site
    assert building
    assert unit
    assert (site.name, building.name, unit.name) == ("Lindenhof", "House A", "401")
    assert (site.via_device_id, building.via_device_id, unit.via_device_id) == (None, site.id, building.id)
    assert {site.entry_type, building.entry_type, unit.entry_type} == {dr.DeviceEntryType.SERVICE}

    other = await administrator.create("building", site_id=flat.site["id"], name="House B", code="B")
    await administrator.do("unit/update", unit_id=flat.unit["id"], fields={"building_id": other["id"], "name": "Weber"})
    moved, house_b = device(hass, entry, flat.unit["id"]), device(hass, entry, other["id"])
    assert moved
    assert house_b
    assert (moved.id, moved.name, moved.via_device_id) == (unit.id, "Weber", house_b.id)

    await administrator.do("site/delete", site_id=flat.site["id"])
    assert names(hass, entry) == set()
    assert entity_ids(hass, entry) == set()
    assert hass.states.async_entity_ids() == []


async def test_devices_and_entities_are_back_after_a_reload(
    hass: HomeAssistant, entry: ConfigEntry, administrator: Administrator
) -> None:
    flat = await administrator.add_flat()
    before = entity_ids(hass, entry)
    assert before == {"event.401_doorbell", "event.401_call", "switch.401_do_not_disturb"}
    await hass.config_entries.async_unload(entry.entry_id)
    registry = dr.async_get(hass)
    registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "gone while unloaded")}, name="Gone"
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert names(hass, entry) == {"Lindenhof", "House A", "401"}
    assert entity_ids(hass, entry) == before
    assert hass.states.get("switch.401_do_not_disturb").state == "off"
    assert device(hass, entry, flat.unit["id"])


async def test_an_entity_of_a_new_unit_works_at_once(
    hass: HomeAssistant, entry: ConfigEntry, administrator: Administrator
) -> None:
    flat = await administrator.add_flat()
    await administrator.add_unit(flat.building, "402")
    assert hass.states.get("event.402_doorbell").state == "unknown"
    assert hass.states.get("switch.402_do_not_disturb").state == "off"


async def test_a_ring(
    hass: HomeAssistant,
    connected_entry: ConfigEntry,
    gateway: FakeGateway,
    administrator: Administrator,
) -> None:
    flat = await administrator.add_flat()
    await until(lambda: gateway.listeners)
    now = dt_util.utcnow().isoformat()
    await gateway.emit(call_event(flat, at=now))
    await until(lambda: hass.states.get("event.401_doorbell").state != "unknown")
    ring = hass.states.get("event.401_doorbell")
    assert ring.attributes["device_class"] == EventDeviceClass.DOORBELL
    assert ring.state >= now[:-9]
    told = {name: ring.attributes[name] for name in RING}
    assert told == RING | {"door_account_id": flat.door["id"], "unit_id": flat.unit["id"], "at": now}
    call = hass.states.get("event.401_call")
    assert (call.attributes["event_type"], call.attributes["caller_name"]) == ("incoming", "Front door")


async def test_a_large_estate_enables_its_first_units_only(
    hass: HomeAssistant, entry: ConfigEntry, administrator: Administrator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entity, "ENABLED_UNITS", 2)
    flat = await administrator.add_flat()
    for number in ("402", "403"):
        await administrator.add_unit(flat.building, number)
    registry = er.async_get(hass)
    disabled = {
        found.entity_id for found in er.async_entries_for_config_entry(registry, entry.entry_id) if found.disabled
    }
    assert disabled == {"event.403_doorbell", "event.403_call", "switch.403_do_not_disturb"}
    registry.async_update_entity("event.403_doorbell", disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert hass.states.get("event.403_doorbell").state == "unknown"


RING: dict[str, Any] = {
    "event_type": "ring",
    "door": "Front door",
    "door_account_id": None,
    "caller": "front-door",
    "call_id": "call-1",
    "unit": "401",
    "unit_id": None,
    "at": None,
    "test": False,
    "late": False,
}

NO_RING = {
    "a panel calls": {
        "caller": {"account_id": "x", "username": "panel-402", "kind": "panel", "name": "Panel"},
    },
    "only voicemail": {"steps": [{"rule_id": None, "action": "voicemail"}]},
    "no steps": {"steps": []},
    "unknown caller": {"caller": None},
    "not incoming": {"type": "ringing"},
}


@pytest.mark.parametrize("changed", NO_RING.values(), ids=NO_RING.keys())
async def test_no_ring(
    hass: HomeAssistant,
    connected_entry: ConfigEntry,
    gateway: FakeGateway,
    administrator: Administrator,
    changed: dict[str, Any],
) -> None:
    flat = await administrator.add_flat()
    await until(lambda: gateway.listeners)
    await gateway.emit(call_event(flat, **changed))
    await until(lambda: hass.states.get("event.401_call").state != "unknown")
    assert hass.states.get("event.401_doorbell").state == "unknown"


async def test_a_call_from_beginning_to_end(
    hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway, administrator: Administrator
) -> None:
    flat = await administrator.add_flat()
    await until(lambda: gateway.listeners)
    seen = async_capture_events(hass, "state_changed")
    calls = async_capture_events(hass, f"{DOMAIN}_call")
    told = ("incoming", "step", "ringing", "joined", "refused", "answered", "ended", "declined", "missed", "denied")
    for kind in (*told, "from_the_future"):
        await gateway.emit(call_event(flat, kind, reason="hung_up", code=486))
    await gateway.emit(call_event(flat, "message", message_id="m", seconds=12, video=True))
    await until(lambda: len(calls) == 12)
    await hass.async_block_till_done()
    states = [event.data["new_state"] for event in seen if event.data["entity_id"] == "event.401_call"]
    kinds = [state.attributes["event_type"] for state in states]
    assert kinds == ["incoming", "ringing", "answered", "ended", "declined", "missed", "denied", "message"]
    assert [event.data["type"] for event in calls] == [*told, "from_the_future", "message"]
    answered = states[2].attributes
    assert (answered["by"], answered["reason"], answered["code"]) == ("panel-401", "hung_up", 486)
    message = states[-1].attributes
    assert (message["message_id"], message["seconds"], message["video"]) == ("m", 12, True)


async def test_a_test_call_rings_and_says_so_to_its_end(
    hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway, administrator: Administrator
) -> None:
    flat = await administrator.add_flat()
    await until(lambda: gateway.listeners)
    seen = async_capture_events(hass, "state_changed")
    calls = async_capture_events(hass, f"{DOMAIN}_call")
    await gateway.emit(call_event(flat, test=True))
    await gateway.emit(call_event(flat, call_id="call-2"))
    await gateway.emit(call_event(flat, "missed"))
    await gateway.emit(call_event(flat, "missed", call_id="call-2"))
    await until(lambda: len(calls) == 4)
    await hass.async_block_till_done()
    marks = [True, False, True, False]
    assert [event.data["test"] for event in calls] == marks
    states = [event.data["new_state"] for event in seen]
    rings = [state.attributes for state in states if state.entity_id == "event.401_doorbell"]
    assert [(ring["event_type"], ring["test"]) for ring in rings] == [("ring", True), ("ring", False)]
    told = [state.attributes["test"] for state in states if state.entity_id == "event.401_call"]
    assert told == marks


async def test_an_old_ring_says_so(
    hass: HomeAssistant,
    connected_entry: ConfigEntry,
    gateway: FakeGateway,
    administrator: Administrator,
) -> None:
    flat = await administrator.add_flat()
    await until(lambda: gateway.listeners)
    old = (dt_util.utcnow() - timedelta(seconds=61)).isoformat()
    await gateway.emit(call_event(flat, at=old))
    await until(lambda: hass.states.get("event.401_doorbell").state != "unknown")
    assert hass.states.get("event.401_doorbell").attributes["late"] is True


async def test_one_event_writes_one_units_states_only(
    hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway, administrator: Administrator
) -> None:
    flat = await administrator.add_flat()
    for number in ("402", "403", "404"):
        await administrator.add_unit(flat.building, number)
    await until(lambda: gateway.listeners)
    seen = async_capture_events(hass, "state_changed")
    await gateway.emit(call_event(flat))
    await until(lambda: hass.states.get("event.401_call").state != "unknown")
    await hass.async_block_till_done()
    written = {event.data["entity_id"] for event in seen}
    assert {entity_id for entity_id in written if entity_id.startswith("event.")} == {
        "event.401_doorbell",
        "event.401_call",
    }


async def switch(hass: HomeAssistant, action: str, context: Context | None = None) -> None:
    await hass.services.async_call(
        "switch", action, {"entity_id": "switch.401_do_not_disturb"}, blocking=True, context=context
    )


async def test_do_not_disturb(hass: HomeAssistant, entry: ConfigEntry, administrator: Administrator) -> None:
    await administrator.add_flat()
    await switch(hass, "turn_on")
    assert hass.states.get("switch.401_do_not_disturb").state == "on"
    assert [unit["do_not_disturb"] for unit in await administrator.do("unit/list")] == [True]
    await switch(hass, "turn_off")
    assert hass.states.get("switch.401_do_not_disturb").state == "off"
    assert [unit["do_not_disturb"] for unit in await administrator.do("unit/list")] == [False]


async def test_do_not_disturb_changed_elsewhere(
    hass: HomeAssistant, entry: ConfigEntry, administrator: Administrator
) -> None:
    flat = await administrator.add_flat()
    await administrator.do("unit/update", unit_id=flat.unit["id"], fields={"do_not_disturb": True})
    assert hass.states.get("switch.401_do_not_disturb").state == "on"


async def test_who_changed_do_not_disturb(
    hass: HomeAssistant, entry: ConfigEntry, administrator: Administrator, hass_admin_user: MockUser
) -> None:
    await administrator.add_flat()
    await switch(hass, "turn_on", Context(user_id=hass_admin_user.id))
    await switch(hass, "turn_off")
    audit = await entry.runtime_data.directory.read(lambda core: core.list_audit(2))
    assert [line["actor"] for line in audit] == ["home_assistant", hass_admin_user.id]


async def test_do_not_disturb_that_cannot_be_stored(
    hass: HomeAssistant, entry: ConfigEntry, administrator: Administrator
) -> None:
    await administrator.add_flat()
    await entry.runtime_data.directory.close()
    with pytest.raises(HomeAssistantError) as caught:
        await switch(hass, "turn_on")
    assert caught.value.translation_key == "directory_failed"
    assert hass.states.get("switch.401_do_not_disturb").state == "off"


async def test_the_gateways_entities(
    hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway, administrator: Administrator
) -> None:
    await until(lambda: hass.states.get("binary_sensor.gateway_connected").state == "on")
    await until(lambda: hass.states.get("binary_sensor.gateway_changes_live").state == "on")
    shown = device(hass, connected_entry, f"{connected_entry.unique_id}-gateway")
    assert shown
    assert (shown.name, shown.sw_version) == ("Gateway", "0.1.0")

    gateway.hold()
    await administrator.add_site()
    assert hass.states.get("binary_sensor.gateway_changes_live").state == "off"
    gateway.resume()
    await until(lambda: hass.states.get("binary_sensor.gateway_changes_live").state == "on")

    await gateway.go_away()
    await sooner_or_later(hass, lambda: hass.states.get("binary_sensor.gateway_connected").state == "off")


async def test_the_live_revision_is_there_for_those_who_want_it(
    hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway
) -> None:
    registry = er.async_get(hass)
    entity_id = "sensor.gateway_live_revision"
    found = registry.async_get(entity_id)
    assert found
    assert found.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    registry.async_update_entity(entity_id, disabled_by=None)
    await hass.config_entries.async_reload(connected_entry.entry_id)
    await until(lambda: gateway.revision is not None and hass.states.get(entity_id).state == str(gateway.revision))


async def test_no_gateway_no_entities_of_it(
    hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway
) -> None:
    assert "binary_sensor.gateway_connected" in entity_ids(hass, connected_entry)
    flow = await reconfigure(hass, connected_entry)
    await hass.config_entries.flow.async_configure(flow["flow_id"], {})
    await hass.async_block_till_done()
    assert names(hass, connected_entry) == set()
    assert entity_ids(hass, connected_entry) == set()

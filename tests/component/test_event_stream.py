# SPDX-License-Identifier: Apache-2.0
"""Each event fires once, in order, whatever happens to the connection or to Home Assistant."""

import asyncio
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, Event, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from .administrator import Administrator, Flat
from .call_events import call_event
from .conftest import DOMAIN
from .fake_gateway import FakeGateway
from .waiting import sooner_or_later, until


@pytest.fixture
def calls(hass: HomeAssistant) -> list[Event[dict[str, Any]]]:
    """The bus events so far."""
    return async_capture_events(hass, f"{DOMAIN}_call")


@pytest.fixture
async def flat(connected_entry: ConfigEntry, gateway: FakeGateway, administrator: Administrator) -> Flat:
    """A home whose events are followed."""
    home = await administrator.add_flat()
    await until(lambda: gateway.listeners == 1)
    return home


def ids(calls: list[Event[dict[str, Any]]]) -> list[str]:
    return [call.data["call_id"] for call in calls]


async def test_the_bus_event_is_the_event_and_the_entry(
    flat: Flat, gateway: FakeGateway, calls: list[Event[dict[str, Any]]], connected_entry: ConfigEntry
) -> None:
    event = call_event(flat)
    await gateway.emit(event)
    await until(lambda: calls)
    assert calls[0].data == event | {"entry_id": connected_entry.entry_id}


async def test_calls_to_nobodys_unit_are_told_too(
    flat: Flat, gateway: FakeGateway, calls: list[Event[dict[str, Any]]]
) -> None:
    await gateway.emit(call_event(flat, "denied", unit_id=None, reason="unknown_number"))
    await until(lambda: calls)
    assert calls[0].data["reason"] == "unknown_number"


async def test_a_repetition_is_not_fired_again(
    flat: Flat, gateway: FakeGateway, calls: list[Event[dict[str, Any]]]
) -> None:
    first = await gateway.emit(call_event(flat, call_id="a"))
    await gateway.repeat(first)
    await gateway.emit(call_event(flat, call_id="b"))
    await gateway.repeat(first)
    await gateway.emit(call_event(flat, call_id="c"))
    await until(lambda: len(calls) == 3)
    assert ids(calls) == ["a", "b", "c"]


async def test_a_broken_connection_goes_on_where_it_was(
    hass: HomeAssistant, flat: Flat, gateway: FakeGateway, calls: list[Event[dict[str, Any]]]
) -> None:
    await gateway.emit(call_event(flat, call_id="a"))
    await until(lambda: calls)
    await gateway.drop_listeners()
    for call_id in "bcd":
        await gateway.emit(call_event(flat, call_id=call_id))
    await until(lambda: gateway.listeners == 0)
    await sooner_or_later(hass, lambda: len(calls) == 4)
    assert ids(calls) == ["a", "b", "c", "d"]
    assert gateway.cursors[-1] == (gateway.stream, "1")


async def test_events_of_the_time_home_assistant_was_away(
    hass: HomeAssistant,
    flat: Flat,
    gateway: FakeGateway,
    calls: list[Event[dict[str, Any]]],
    connected_entry: ConfigEntry,
) -> None:
    await gateway.emit(call_event(flat, call_id="before"))
    await until(lambda: calls)
    await hass.config_entries.async_unload(connected_entry.entry_id)
    for call_id in ("first", "second"):
        await gateway.emit(call_event(flat, call_id=call_id))
    await hass.config_entries.async_setup(connected_entry.entry_id)
    await until(lambda: len(calls) == 3)
    assert ids(calls) == ["before", "first", "second"]
    assert hass.states.get("event.401_doorbell").attributes["call_id"] == "second"
    await hass.config_entries.async_reload(connected_entry.entry_id)
    await until(lambda: len(gateway.cursors) == 3)
    await gateway.emit(call_event(flat, call_id="after"))
    await until(lambda: len(calls) > 3)
    assert ids(calls) == ["before", "first", "second", "after"]


async def test_an_event_in_hand_is_fired_before_its_entities_go(
    hass: HomeAssistant,
    flat: Flat,
    gateway: FakeGateway,
    calls: list[Event[dict[str, Any]]],
    connected_entry: ConfigEntry,
) -> None:
    storing, store = asyncio.Event(), asyncio.Event()
    directory = connected_entry.runtime_data.directory
    read = directory.read

    async def slowly(call: Any) -> Any:
        storing.set()
        await store.wait()
        return await read(call)

    with patch.object(directory, "read", slowly):
        await gateway.emit(call_event(flat, call_id="in hand"))
        await gateway.emit(call_event(flat, call_id="next"))
        await storing.wait()
        unloading = hass.async_create_task(hass.config_entries.async_unload(connected_entry.entry_id))
        await asyncio.sleep(0)
        store.set()
        await unloading
    assert ids(calls) == ["in hand"]
    await hass.config_entries.async_setup(connected_entry.entry_id)
    await until(lambda: len(calls) == 2)
    assert ids(calls) == ["in hand", "next"]
    assert hass.states.get("event.401_doorbell").attributes["call_id"] == "next"


async def test_no_event_is_taken_once_home_assistant_stops(
    hass: HomeAssistant,
    flat: Flat,
    gateway: FakeGateway,
    calls: list[Event[dict[str, Any]]],
    connected_entry: ConfigEntry,
) -> None:
    directory = connected_entry.runtime_data.directory
    for job in hass._shutdown_jobs:
        if task := hass.async_run_hass_job(job.job, *job.args):
            await task
    await gateway.emit(call_event(flat))
    await gateway.drop_listeners()
    await until(lambda: gateway.listeners == 0)
    await hass.async_block_till_done()
    assert calls == []
    assert await directory.read(lambda core: core.event_cursor()) is None


async def test_events_wait_until_automations_listen(
    hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway
) -> None:
    await hass.config_entries.async_unload(connected_entry.entry_id)
    await until(lambda: gateway.listeners == 0)
    hass.set_state(CoreState.starting)
    await hass.config_entries.async_setup(connected_entry.entry_id)
    before = len(gateway.cursors)
    await until(lambda: gateway.pushes)
    await hass.async_block_till_done()
    assert len(gateway.cursors) == before
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await until(lambda: len(gateway.cursors) == before + 1)


async def test_a_new_stream_is_followed_from_its_beginning(
    hass: HomeAssistant, flat: Flat, gateway: FakeGateway, calls: list[Event[dict[str, Any]]]
) -> None:
    await gateway.emit(call_event(flat, call_id="old"))
    await until(lambda: calls)
    await gateway.drop_listeners()
    gateway.stream, gateway.log = "01J00000000000000000000002", []
    await gateway.emit(call_event(flat, call_id="new"))
    await until(lambda: gateway.listeners == 0)
    await sooner_or_later(hass, lambda: len(calls) == 2)
    assert ids(calls) == ["old", "new"]


async def test_an_event_that_makes_no_sense_stops_nothing(
    flat: Flat, gateway: FakeGateway, calls: list[Event[dict[str, Any]]], caplog: pytest.LogCaptureFixture
) -> None:
    await gateway.emit({"type": "incoming"})
    await gateway.emit(call_event(flat, call_id="good"))
    await until(lambda: calls)
    assert ids(calls) == ["good"]
    assert "Event 1 of the gateway is passed over" in caplog.text


async def test_an_event_that_cannot_be_stored_comes_again(
    hass: HomeAssistant,
    flat: Flat,
    gateway: FakeGateway,
    calls: list[Event[dict[str, Any]]],
    connected_entry: ConfigEntry,
) -> None:
    from custom_components.neolia_intercom.core import DirectoryError

    directory = connected_entry.runtime_data.directory
    full = DirectoryError("disk_full", "No space is left.", [])
    with patch.object(type(directory), "read", side_effect=full):
        await gateway.emit(call_event(flat, call_id="kept"))
        await until(lambda: gateway.listeners == 0)
    assert calls == []
    await sooner_or_later(hass, lambda: calls)
    assert ids(calls) == ["kept"]


async def test_another_directorys_events_are_not_taken(
    hass: HomeAssistant, flat: Flat, gateway: FakeGateway, calls: list[Event[dict[str, Any]]]
) -> None:
    await gateway.drop_listeners()
    ours = gateway.directory
    gateway.directory = {"id": "01J000000000000000000TEHR1", "name": "Other", "realm": "other.example.org"}
    await gateway.emit(call_event(flat, call_id="foreign"))
    before = len(gateway.cursors)
    await sooner_or_later(hass, lambda: len(gateway.cursors) > before and gateway.listeners == 0)
    assert calls == []
    gateway.directory = ours


async def test_the_status_shows_whether_events_are_followed(
    flat: Flat, connected_entry: ConfigEntry, gateway: FakeGateway, administrator: Administrator
) -> None:
    assert (await administrator.do("status"))["gateway"]["events_connected"]
    await gateway.go_away()
    await until(lambda: gateway.listeners == 0)
    await until(lambda: not connected_entry.runtime_data.gateway.events.connected)
    assert not (await administrator.do("status"))["gateway"]["events_connected"]

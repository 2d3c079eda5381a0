# SPDX-License-Identifier: Apache-2.0
"""The actions that make a test call and end calls, through Home Assistant to panels that ring."""

import pytest
from stack.directory_commands import DOMAIN
from stack.home_assistant_api import CommandError, Json

from .whole_system import WholeSystem

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def act(system: WholeSystem, action: str, **data: str) -> Json:
    """Perform one of our actions; its response."""
    answer = await system.socket.call(
        "call_service", domain=DOMAIN, service=action, service_data=data, return_response=True
    )
    response: Json = answer["response"]
    return response


async def device_of(system: WholeSystem, number: str) -> str:
    """Home Assistant's device of a unit."""
    devices = await system.socket.call("config/device_registry/list")
    wanted = [DOMAIN, system.estate.units[number]["id"]]
    return next(str(device["id"]) for device in devices if wanted in device["identifiers"])


async def test_a_test_call_rings_the_flat_as_its_door_would(system: WholeSystem) -> None:
    panel, other = await system.device("panel-402"), await system.device("panel-401-hall")
    mark, quiet = len(panel.events), len(other.events)
    made = await act(system, "test_call", device_id=await device_of(system, "402"))
    assert (made["account_id"], made["dialled"]) == (system.estate.accounts["door-a"]["id"], "A402")

    await panel.rings(since=mark)
    incoming = await system.next_event("incoming")
    assert incoming["sip_call_id"] == made["sip_call_id"]
    assert incoming["caller"]["username"] == "door-a"
    panel.answer()
    answered = await system.next_event("answered")
    ended = await system.next_event("ended")
    assert [event["test"] for event in (incoming, answered, ended)] == [True, True, True]
    assert (answered["by"], answered["call_id"]) == ("panel-402", incoming["call_id"])
    assert other.count("CALL_INCOMING", quiet) == 0

    calls = await system.commands.call("call/list", limit=5, unit_id=system.estate.units["402"]["id"])
    (logged,) = [call for call in calls if call["call_id"] == incoming["call_id"]]
    assert logged["test"] is True
    explained = await act(system, "explain_call", entry_id=system.commands.entry_id, call_id=incoming["call_id"])
    codes = [sentence["code"] for sentence in explained["sentences"]]
    assert codes[:2] == ["called", "test_call"]
    for key in ("doorbell", "call"):
        state = await system.installation.home_assistant.api.state(await system.entity_id("402", key))
        assert (state["attributes"]["call_id"], state["attributes"]["test"]) == (incoming["call_id"], True)


async def test_a_call_of_a_visitor_is_no_test(system: WholeSystem) -> None:
    door, panel = await system.device("door-a"), await system.device("panel-402")
    mark, heard = len(door.events), len(panel.events)
    door.dial("402")
    await panel.rings(since=heard)
    incoming = await system.next_event("incoming")
    assert incoming["test"] is False
    explained = await act(system, "explain_call", entry_id=system.commands.entry_id, call_id=incoming["call_id"])
    assert "test_call" not in [sentence["code"] for sentence in explained["sentences"]]
    assert await act(system, "end_call", entry_id=system.commands.entry_id, call_id=incoming["call_id"]) == {"ended": 1}
    await door.event("CALL_CLOSED", since=mark)
    assert (await system.next_event("missed"))["reason"] == "stopped"


async def test_all_calls_of_an_account_are_ended(system: WholeSystem) -> None:
    door, panel = await system.device("door-a"), await system.device("panel-402")
    mark, heard = len(door.events), len(panel.events)
    door.dial("402")
    await panel.rings(since=heard)
    panel.answer()
    await door.event("CALL_ESTABLISHED", since=mark)
    call_id = (await system.next_event("answered"))["call_id"]
    account_id = system.estate.accounts["panel-402"]["id"]
    assert await act(system, "end_call", entry_id=system.commands.entry_id, account_id=account_id) == {"ended": 1}
    await door.event("CALL_CLOSED", since=mark)
    ended = await system.next_event("ended")
    assert (ended["call_id"], ended["reason"]) == (call_id, "stopped")


async def test_a_test_call_can_be_ended(system: WholeSystem) -> None:
    panel = await system.device("panel-402")
    mark = len(panel.events)
    await act(system, "test_call", device_id=await device_of(system, "402"))
    await panel.rings(since=mark)
    call_id = (await system.next_event("incoming"))["call_id"]
    await act(system, "end_call", entry_id=system.commands.entry_id, call_id=call_id, reason="door_opened")
    await panel.event("CALL_CLOSED", since=mark)
    missed = await system.next_event("missed")
    assert (missed["call_id"], missed["reason"], missed["test"]) == (call_id, "door_opened", True)


async def test_only_a_unit_can_be_test_called(system: WholeSystem) -> None:
    devices = await system.socket.call("config/device_registry/list")
    site = next(device["id"] for device in devices if [DOMAIN, system.estate.site["id"]] in device["identifiers"])
    with pytest.raises(CommandError) as refused:
        await act(system, "test_call", device_id=site)
    assert refused.value.code == "service_validation_error"

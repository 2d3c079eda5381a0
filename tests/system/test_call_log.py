# SPDX-License-Identifier: Apache-2.0
"""What the panel asks for: the log of calls, its explanations, who is registered."""

from typing import Any

import pytest
from stack.directory_commands import RefusedError
from stack.home_assistant_api import Json
from stack.waiting import wait_until

from .whole_system import WholeSystem

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def logged(system: WholeSystem, call_id: str, status: str) -> dict[str, Any]:
    """The call in the log of its unit, once it is there to its end."""

    async def find() -> dict[str, Any] | None:
        calls = await system.commands.call("call/list", limit=5, unit_id=system.estate.units["401"]["id"])
        return next((call for call in calls if (call["call_id"], call["status"]) == (call_id, status)), None)

    found = await wait_until(find, seconds=10, what=f"call {call_id} in the log")
    assert found
    return found


async def texts_of(system: WholeSystem, call_id: str) -> dict[str, str]:
    explained = await system.commands.call("call/explain", call_id=call_id)
    return {sentence["code"]: sentence["text"] for sentence in explained["sentences"]}


async def test_an_answered_call_is_logged_and_explained(system: WholeSystem) -> None:
    door, panel = await system.device("door-a"), await system.device("panel-401-hall")
    mark = len(door.events)
    door.dial("401")
    await panel.rings()
    panel.answer()
    await door.event("CALL_ESTABLISHED", since=mark)
    call_id = (await system.next_event("answered"))["call_id"]
    door.hang_up()
    await system.next_event("ended")

    call = await logged(system, call_id, "ended")
    assert (call["answered_by"], call["reason"], call["test"]) == ("panel-401-hall", "hung_up", False)
    assert call["seconds"] >= 0
    texts = await texts_of(system, call_id)
    assert texts["called"] == "Front door A called 401 (Flat A401)."
    assert texts["step_ring"].startswith("Rule 1 of Garden Court (@door) rang panel-401-hall and panel-401-kitchen")
    assert texts["rang"] == "panel-401-hall rang."
    assert texts["answered"].startswith("panel-401-hall answered after ")
    assert texts["hung_up"].startswith("The call was hung up after ")


async def test_why_nobody_rang(system: WholeSystem) -> None:
    panel = await system.device("panel-402")
    mark = len(panel.events)
    panel.dial("401")
    await panel.event("CALL_CLOSED", since=mark)
    call_id = (await system.next_event("denied"))["call_id"]
    call = await logged(system, call_id, "denied")
    assert (call["code"], call["reason"]) == (403, "no_rule")
    texts = await texts_of(system, call_id)
    assert texts["no_rule"] == "No rule allowed it, so the call was refused (403)."
    assert texts["rule_other_source"] == "Rule 3 of Garden Court (@unit) is for other callers."


async def test_a_call_of_nobody(system: WholeSystem) -> None:
    with pytest.raises(RefusedError) as refused:
        await system.commands.call("call/explain", call_id="nobody")
    assert refused.value.code == "not_found"


async def test_who_is_registered(system: WholeSystem) -> None:
    await system.device("panel-401-hall")
    account = system.estate.accounts["panel-401-hall"]
    (found,) = (await system.commands.call("registration/list", account_id=account["id"]))["registrations"]
    assert (found["account_id"], found["username"]) == (account["id"], "panel-401-hall")

    async def is_listed() -> bool:
        """Everybody's come from Kamailio's file, which follows its memory."""
        everybody = (await system.commands.call("registration/list"))["registrations"]
        return "panel-401-hall" in [contact["username"] for contact in everybody]

    await wait_until(is_listed, seconds=30, what="panel-401-hall in the list of all registrations")
    with pytest.raises(RefusedError) as refused:
        await system.commands.call("registration/list", account_id="nobody")
    assert refused.value.code == "not_found"


async def test_a_call_that_goes_on_is_listed_and_ended(system: WholeSystem) -> None:
    door, panel = await system.device("door-a"), await system.device("panel-402")
    mark = len(door.events)
    door.dial("402")
    await panel.rings()

    async def listed() -> Json | None:
        calls = (await system.commands.call("call/active"))["calls"]
        return next((call for call in calls if call["dialled"] == "402"), None)

    call = await wait_until(listed, what="the call in the list")
    assert call
    assert (call["state"], call["dialled"], call["test"]) == ("ringing", "402", False)
    await system.commands.call("call/end", call_id=call["call_id"], reason="door_opened")
    await door.event("CALL_CLOSED", since=mark)
    missed = await system.next_event("missed")
    assert (missed["call_id"], missed["reason"]) == (call["call_id"], "door_opened")
    texts = await texts_of(system, call["call_id"])
    assert texts["door_opened"].startswith("The door was opened, which ended the call")
    assert (await system.commands.call("call/active"))["calls"] == []


async def test_a_session_from_its_making_to_its_end(system: WholeSystem) -> None:
    account_id = system.estate.accounts["panel-101"]["id"]
    made = await system.commands.call("session/create", account_id=account_id, seconds=60)
    assert made["password"]
    assert made["path"].startswith("/v1/sip?session=")
    renewed = await system.commands.call("session/renew", session_id=made["session_id"], seconds=120)
    assert renewed["expires_at"] > made["expires_at"]
    (listed,) = (await system.commands.call("session/list", account_id=account_id))["sessions"]
    assert (listed["session_id"], listed["registered"]) == (made["session_id"], False)
    await system.commands.call("session/revoke", session_id=made["session_id"])
    assert (await system.commands.call("session/list", account_id=account_id))["sessions"] == []
    with pytest.raises(RefusedError) as refused:
        await system.commands.call("session/create", account_id=system.estate.accounts["door-a"]["id"])
    assert refused.value.code == "invalid"

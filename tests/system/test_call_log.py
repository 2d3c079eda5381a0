# SPDX-License-Identifier: Apache-2.0
"""What a call left behind, as the panel asks for it: the log and its explanation."""

from typing import Any

import pytest
from stack.directory_commands import RefusedError
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

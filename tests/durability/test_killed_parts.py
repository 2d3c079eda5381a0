# SPDX-License-Identifier: Apache-2.0
"""Kamailio, gateway and Home Assistant are killed in every order while two people talk: they go on talking, and all comes back."""

from itertools import permutations
from pathlib import Path

from stack.agents import Agent
from stack.home_assistant_api import Json
from stack.waiting import wait_until

from tests.system.whole_system import EVENT_SECONDS, WholeSystem

PARTS = ("kamailio", "gateway", "home_assistant")


async def answered_call(system: WholeSystem, door: Agent, panel: Agent) -> str:
    """Its id, once Home Assistant knows that it is answered."""
    mark, door_mark = len(panel.events), len(door.events)
    door.dial("402")
    await panel.rings(since=mark)
    panel.answer()
    await door.event("CALL_ESTABLISHED", since=door_mark)
    return str((await system.next_event("answered"))["call_id"])


async def logged_call(system: WholeSystem, call_id: str) -> Json:
    calls = await system.commands.call("call/list", limit=100)
    return next(call for call in calls if call["call_id"] == call_id)


async def has_ended(system: WholeSystem, call_id: str) -> None:
    async def ended() -> bool:
        return bool((await logged_call(system, call_id))["status"] == "ended")

    await wait_until(ended, seconds=EVENT_SECONDS, what=f"the end of {call_id} in Home Assistant")


async def settle(system: WholeSystem) -> None:
    """Home Assistant keeps a new entry in memory for seconds; an orderly restart has it on disk."""
    await system.socket.close()
    await system.installation.home_assistant.stop()
    await system.installation.home_assistant.start()
    await system.connect()
    await system.commands.wait_until_live(EVENT_SECONDS)


async def test_a_talk_goes_on_and_everything_comes_back(folder: Path, is_long: bool) -> None:
    orders = list(permutations(PARTS))
    async with WholeSystem(folder / "system") as system:
        await settle(system)
        door, panel = await system.device("door-a"), await system.device("panel-402")
        await system.registration_on_disk("panel-402")
        for order in orders if is_long else (orders[0], orders[-1]):
            call_id = await answered_call(system, door, panel)
            door_mark, panel_mark = len(door.events), len(panel.events)
            await system.socket.close()
            for name in order:
                await getattr(system.installation, name).kill()
            assert door.count("CALL_CLOSED", since=door_mark) == panel.count("CALL_CLOSED", since=panel_mark) == 0
            for name in order:
                await getattr(system.installation, name).start()
            await system.connect()
            await system.commands.wait_until_live(EVENT_SECONDS)
            await has_ended(system, call_id)
            for talker, since in ((door, door_mark), (panel, panel_mark)):
                talker.hang_up()
                await talker.event("CALL_CLOSED", since=since)

            second = await answered_call(system, door, panel)
            assert panel.count("REGISTER_OK", since=panel_mark) == 0
            door.hang_up()
            await has_ended(system, second)

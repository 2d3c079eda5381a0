# SPDX-License-Identifier: Apache-2.0
"""What happens to calls and events while a part is away (docs/architecture.md: the data plane runs without the others)."""

from collections import Counter

import pytest
from stack.agents import Agent
from stack.home_assistant_api import Json
from stack.waiting import wait_until

from .whole_system import EVENT_SECONDS, WholeSystem

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def ring(door: Agent, panel: Agent, number: str) -> None:
    mark = len(panel.events)
    door.dial(number)
    await panel.rings(since=mark)


async def answer_and_end(door: Agent, panel: Agent) -> None:
    door_mark, panel_mark = len(door.events), len(panel.events)
    panel.answer()
    await door.event("CALL_ESTABLISHED", since=door_mark)
    door.hang_up()
    await panel.event("CALL_CLOSED", since=panel_mark)


async def recorded(system: WholeSystem, unit: str, key: str, since: str) -> list[Json]:
    """What Home Assistant's history holds of an entity, without what it had restored."""
    entity_id = await system.entity_id(unit, key)
    path = f"/api/history/period/{since}?filter_entity_id={entity_id}&significant_changes_only=0"
    states: list[list[Json]] = await system.installation.home_assistant.api.request("GET", path)
    by_moment = {state["state"]: state["attributes"] for state in (states[0] if states else [])}
    return [attributes for attributes in by_moment.values() if "call_id" in attributes]


async def test_events_of_the_time_home_assistant_was_away_arrive_once(system: WholeSystem) -> None:
    door, panel = await system.device("door-a"), await system.device("panel-402")
    await ring(door, panel, "402")
    incoming = await system.next_event("incoming")

    await system.socket.close()
    await system.installation.home_assistant.stop()
    await answer_and_end(door, panel)
    await system.installation.home_assistant.start()
    await system.connect()

    async def has_ended() -> bool:
        state = await system.installation.home_assistant.api.state(await system.entity_id("402", "call"))
        attributes = state["attributes"]
        return (attributes.get("call_id"), attributes.get("event_type")) == (incoming["call_id"], "ended")

    await wait_until(has_ended, seconds=EVENT_SECONDS, what="the end of the call in Home Assistant")
    await system.commands.wait_until_live(EVENT_SECONDS)

    async def stored() -> bool:
        return any(row["event_type"] == "ended" for row in await calls())

    async def calls() -> list[Json]:
        rows = await recorded(system, "402", "call", incoming["at"])
        return [row for row in rows if row["call_id"] == incoming["call_id"]]

    await wait_until(stored, seconds=EVENT_SECONDS, what="the call in Home Assistant's history")
    assert Counter(row["event_type"] for row in await calls()) == Counter(incoming=1, ringing=1, answered=1, ended=1)
    rings = await recorded(system, "402", "doorbell", incoming["at"])
    assert [row["call_id"] for row in rings].count(incoming["call_id"]) == 1


async def test_calls_ring_without_the_gateway_and_its_events_arrive_later(system: WholeSystem) -> None:
    door, panel = await system.device("door-a"), await system.device("panel-402")
    await system.installation.gateway.stop()

    await ring(door, panel, "402")
    await answer_and_end(door, panel)
    await system.installation.gateway.start()

    seen = [await system.next_event(kind) for kind in ("incoming", "ringing", "answered", "ended")]
    assert len({event["call_id"] for event in seen}) == 1
    assert seen[2]["by"] == "panel-402"
    await system.commands.wait_until_live(EVENT_SECONDS)


async def test_rules_hold_without_the_gateway(system: WholeSystem) -> None:
    """A stranger to the flat gets through neither with nor without the gateway."""
    panel = await system.device("panel-101")
    await system.installation.gateway.stop()

    mark = len(panel.events)
    panel.dial("A402")
    closed = await panel.event("CALL_CLOSED", since=mark)
    assert closed["param"].startswith("403")

    await system.installation.gateway.start()
    assert (await system.next_event("denied"))["reason"] == "no_rule"
    await system.commands.wait_until_live(EVENT_SECONDS)


async def test_registrations_survive_a_crash_of_kamailio(system: WholeSystem) -> None:
    door, panel = await system.device("door-a"), await system.device("panel-402")
    kamailio = system.installation.kamailio
    await system.registration_on_disk("panel-402")
    mark = len(panel.events)
    await kamailio.kill()
    await kamailio.start()

    assert (await kamailio.rpc("ul.lookup", "location", "panel-402"))["AoR"] == "panel-402"
    await ring(door, panel, "402")
    await answer_and_end(door, panel)
    assert panel.count("REGISTER_OK", since=mark) == 0
    incoming, ended = await system.next_event("incoming"), await system.next_event("ended")
    assert incoming["call_id"] == ended["call_id"]
    await system.commands.wait_until_live(EVENT_SECONDS)

# SPDX-License-Identifier: Apache-2.0
"""What is changed in Home Assistant decides the very next call."""

import asyncio
import contextlib

import pytest
from stack.agents import Agent
from stack.estate import create_account
from stack.kamailio import RpcError
from stack.waiting import wait_until

from .whole_system import WholeSystem

pytestmark = pytest.mark.asyncio(loop_scope="session")

LIVE_SECONDS = 1.0


async def test_a_new_unit_rings_within_a_second(system: WholeSystem) -> None:
    door = await system.device("door-a")
    estate, building = system.estate, system.estate.buildings["A"]
    estate.units["499"] = await system.commands.create("unit", building_id=building["id"], number="499")
    account = await create_account(system.commands, estate, "panel", "panel-499", estate.owner("unit", "499"))
    panel = await system.installation.device(account, register=False)

    async with asyncio.timeout(LIVE_SECONDS):
        await wait_until(lambda: is_registered(panel), seconds=LIVE_SECONDS)
        door.dial("499")
        await panel.rings()

    door.hang_up()
    assert (await system.next_event("missed"))["reason"] == "cancelled"


async def is_registered(agent: Agent) -> bool:
    with contextlib.suppress(RuntimeError):
        await agent.register()
        return True
    return False


async def test_do_not_disturb_leaves_the_call_to_voicemail_and_off_brings_the_ringing_back(system: WholeSystem) -> None:
    door, panel = await system.device("door-a"), await system.device("panel-402")
    doorbell, switch = await system.entity_id("402", "doorbell"), await system.entity_id("402", "do_not_disturb")
    api = system.installation.home_assistant.api
    before = await api.state(doorbell)

    await api.request("POST", "/api/services/switch/turn_on", {"entity_id": switch})
    await system.commands.wait_until_live(LIVE_SECONDS)
    mark = len(panel.events)
    door.dial("402")
    assert (await system.next_event("answered", "missed", "denied"))["by"] == "voicemail"
    door.hang_up()
    await system.next_event("ended")
    assert panel.count("CALL_INCOMING", since=mark) == 0
    assert (await api.state(doorbell))["state"] == before["state"]

    await api.request("POST", "/api/services/switch/turn_off", {"entity_id": switch})
    await system.commands.wait_until_live(LIVE_SECONDS)
    mark = len(panel.events)
    door.dial("402")
    await panel.rings(since=mark)
    door.hang_up()
    await system.next_event("missed")
    ring = (await api.state(doorbell))["attributes"]
    assert (ring["event_type"], ring["caller"], ring["door"]) == ("ring", "door-a", "Front door A")


async def test_a_deleted_account_is_refused_and_its_contact_gone(system: WholeSystem) -> None:
    account = system.estate.accounts["panel-301"]
    panel = await system.device("panel-301")
    kamailio = system.installation.kamailio
    assert (await kamailio.rpc("ul.lookup", "location", "panel-301"))["AoR"] == "panel-301"

    await system.commands.delete("account", account["id"])
    await system.commands.wait_until_live(LIVE_SECONDS)

    with pytest.raises(RpcError):
        await kamailio.rpc("ul.lookup", "location", "panel-301")
    mark = len(panel.events)
    # 401, and silence for a device that tries on at once.
    with pytest.raises((RuntimeError, TimeoutError)):
        await panel.register()
    assert panel.count("REGISTER_OK", since=mark) == 0
    with pytest.raises(RpcError):
        await kamailio.rpc("ul.lookup", "location", "panel-301")

# SPDX-License-Identifier: Apache-2.0
"""A panel behind a NAT and a door station on another subnet, which cannot reach each other."""

import errno

import pytest
from stack.namespaces import open_connection
from stack.waiting import wait_until

from tests.kamailio import outbox

from .conftest import Building, Networks

ENOUGH = 50


async def test_the_door_cannot_reach_the_panel(networks: Networks) -> None:
    """Nobody listens at this port: a host that is reached says so."""
    with pytest.raises(ConnectionRefusedError):
        await open_connection(networks.door, "198.51.100.2", 5060)
    with pytest.raises(OSError) as refusal:
        await open_connection(networks.door, "10.9.1.2", 5060)
    assert refusal.value.errno == errno.ENETUNREACH


async def test_the_panel_answers_the_door(networks: Networks, building: Building) -> None:
    panel = await building.device("panel-1", networks.panel, "home")
    door = await building.device("door-1", networks.door, "gate")
    door.dial("401")
    await panel.rings()
    panel.answer()
    await door.event("CALL_ESTABLISHED")
    await panel.hears(ENOUGH)
    await door.hears(ENOUGH)
    await panel.sees(ENOUGH)
    await door.sees(ENOUGH)
    assert len(await building.rtpengine.calls()) == 1
    door.hang_up()
    await panel.event("CALL_CLOSED")
    await wait_until(lambda: types(building)[-1:] == ["ended"], what="the end")
    assert outbox.read(building.kamailio.data_folder)[-1]["packets"] >= 4 * ENOUGH
    assert await building.rtpengine.calls() == []
    assert building.kamailio.complaints() == []


async def test_the_panel_calls_the_door_and_the_panel_hangs_up(networks: Networks, building: Building) -> None:
    panel = await building.device("panel-1", networks.panel, "home")
    door = await building.device("door-1", networks.door, "gate")
    panel.dial("door-1")
    await door.rings()
    door.answer()
    await panel.event("CALL_ESTABLISHED")
    await panel.hears(ENOUGH)
    await door.hears(ENOUGH)
    panel.hang_up()
    await door.event("CALL_CLOSED")
    await wait_until(lambda: types(building)[-1:] == ["ended"], what="the end")
    assert building.kamailio.complaints() == []


def types(building: Building) -> list[str]:
    return [event["type"] for event in outbox.read(building.kamailio.data_folder)]

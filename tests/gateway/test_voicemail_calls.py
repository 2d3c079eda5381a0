# SPDX-License-Identifier: Apache-2.0
"""Voicemail as a visitor meets it: door station, Kamailio, RTPEngine, gateway and ffmpeg, all real."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from stack.agents import Agent
from stack.gateway import Gateway
from stack.kamailio import Kamailio
from stack.ports import free_port
from stack.rtpengine import RtpEngine
from stack.waiting import wait_until

from . import outbox
from .client import Answer, ask, patch, put
from .conftest import StartGateway
from .snapshots import BUILDING, DOOR, account, changes, object_id, whole
from .test_kamailio import entry
from .test_voicemail import GREETINGS, probe, ready, rows

RING_SECONDS = 5


def rules() -> list[dict[str, Any]]:
    """Ring for five seconds, then take a message."""
    ring = {**whole(1)["rules"][0], "ring_seconds": RING_SECONDS}
    voicemail = {"id": object_id(5, 2), "position": 2, "action": "voicemail", "target": {"type": "voicemail"}}
    return [ring, {**ring, **voicemail}]


@pytest.fixture
async def engine(folder: Path) -> AsyncIterator[RtpEngine]:
    async with RtpEngine(folder / "run", plays_from=[folder / "data", GREETINGS]) as started:
        yield started


@pytest.fixture
def agent() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
def sip_port() -> int:
    return free_port()


@pytest.fixture
async def gateway(start_gateway: StartGateway, engine: RtpEngine, agent: str, sip_port: int) -> Gateway:
    addresses = {"agent_address": agent, "rtpengine_address": engine.address, "sip_address": f"127.0.0.1:{sip_port}"}
    return await start_gateway(**addresses, message_seconds=20)


@pytest.fixture
async def kamailio(
    gateway: Gateway, engine: RtpEngine, agent: str, sip_port: int, folder: Path
) -> AsyncIterator[Kamailio]:
    """With the snapshot live and voicemail up."""
    settings: dict[str, str | int] = {"RTPENGINE": engine.address, "VOICEMAIL_ADDRESS": agent}
    async with Kamailio(folder / "data", folder / "run", port=sip_port, settings=settings) as started:
        await put(gateway, whole(1, rules=rules()))
        await ready(gateway)
        await flag(started, "voicemail", "up")
        yield started


async def flag(kamailio: Kamailio, name: str, value: str) -> None:
    async def has_come() -> bool:
        return bool(await entry(kamailio, "sys", name) == value)

    await wait_until(has_come, what=f"sys=>{name} is {value}")


@pytest.fixture
async def panel(kamailio: Kamailio, folder: Path) -> AsyncIterator[Agent]:
    device = Agent(folder / "panel", "panel-1", "pw-panel-1", kamailio.server, media=True)
    await device.start()
    await device.register()
    yield device
    await device.stop()


@pytest.fixture
async def door(kamailio: Kamailio, folder: Path) -> AsyncIterator[Agent]:
    """A door station that sends sound and H.264."""
    station = Agent(folder / "door", "door", "pw-door", kamailio.server, media=True)
    await station.start()
    await station.register()
    yield station
    await station.stop()


async def test_an_unanswered_call_leaves_a_message_with_picture(gateway: Gateway, door: Agent) -> None:
    door.dial("1")
    await door.event("CALL_ESTABLISHED", seconds=RING_SECONDS + 10)
    await door.event("CALL_RTPESTAB")  # the greeting's first packet; test_voicemail.py counts them
    await wait_until(lambda: "recording a message" in gateway.log.read_text(), what="the beep")
    await asyncio.sleep(4)  # the visitor speaks
    door.hang_up()
    (row,) = await wait_until(lambda: rows(gateway), what="the message")
    file = gateway.data_folder / "messages" / f"{row['message_id']}.mp4"
    codecs = {stream["codec_name"]: stream for stream in probe(file)["streams"]}
    assert set(codecs) == {"aac", "h264"}
    assert int(codecs["h264"]["nb_read_frames"]) > 5
    assert row["call_id"] == outbox.calls(gateway.data_folder)[0]
    assert row["unit_id"] == object_id(3, 1)
    assert DOOR in row["caller"]


async def missed(kamailio: Kamailio, door: Agent) -> None:
    """Dial, and wait for the end, which must come by itself."""
    mark = len(door.events)
    door.dial("1")
    await door.event("CALL_CLOSED", since=mark, seconds=RING_SECONDS + 10)
    assert door.count("CALL_ESTABLISHED", since=mark) == 0
    assert (await kamailio.rpc("dlg.stats_active"))["all"] == 0


async def test_a_gateway_that_was_stopped_costs_the_message_only(
    gateway: Gateway, kamailio: Kamailio, door: Agent
) -> None:
    assert await gateway.stop() == 0
    assert await entry(kamailio, "sys", "voicemail") == "down"
    await missed(kamailio, door)


async def test_a_gateway_that_crashed_costs_the_message_only(gateway: Gateway, kamailio: Kamailio, door: Agent) -> None:
    await gateway.kill()
    assert await entry(kamailio, "sys", "voicemail") == "up"
    await missed(kamailio, door)


async def test_a_dead_rtpengine_costs_the_message_only(kamailio: Kamailio, engine: RtpEngine, door: Agent) -> None:
    await engine.kill()
    await flag(kamailio, "voicemail", "down")
    await flag(kamailio, "rtpengine", "down")
    await missed(kamailio, door)


async def test_a_restarted_kamailio_learns_the_flags_again(kamailio: Kamailio) -> None:
    await kamailio.kill()
    await kamailio.start()
    await flag(kamailio, "voicemail", "up")
    await flag(kamailio, "rtpengine", "up")


async def place(gateway: Gateway, account_id: str = DOOR, dialled: str = "1") -> Answer:
    return await ask(gateway, "POST", "/v1/calls", json={"account_id": account_id, "dialled": dialled})


async def test_a_test_call_rings_by_the_rules_and_is_marked(gateway: Gateway, panel: Agent) -> None:
    answer = await place(gateway)
    assert answer.status == 202
    await panel.rings()
    assert (await place(gateway)).status == 429
    panel.answer()
    await panel.event("CALL_ESTABLISHED")
    await panel.event("CALL_CLOSED", seconds=10)

    async def is_over() -> Any:
        events = outbox.logged(gateway.data_folder)
        return next((event for event in events if event["type"] == "ended"), None)

    ended = await wait_until(is_over, what="the event of the end")
    incoming = next(event for event in outbox.logged(gateway.data_folder) if event["type"] == "incoming")
    assert (incoming["test"], incoming["caller"]["account_id"]) == (True, DOOR)
    assert incoming["sip_call_id"] == answer.json["sip_call_id"]
    assert ended["reason"] == "hung_up"
    mark = len(panel.events)

    async def is_placed() -> bool:
        return (await place(gateway)).status == 202

    await wait_until(is_placed, what="another test call")
    await panel.rings(since=mark)


async def test_a_test_call_ends_with_the_gateway(gateway: Gateway, panel: Agent) -> None:
    assert (await place(gateway)).status == 202
    await panel.rings()
    assert await gateway.stop() == 0
    await panel.event("CALL_CLOSED", seconds=3)


async def test_a_test_call_needs_a_door_that_may_call(gateway: Gateway, kamailio: Kamailio) -> None:
    assert kamailio.process.check()
    assert (await place(gateway, object_id(4, 77))).status == 404
    refused = await place(gateway, object_id(4, 1))
    assert (refused.status, refused.paths) == (400, ["account_id"])
    refused = await place(gateway, dialled="1@elsewhere")
    assert (refused.status, refused.paths) == (400, ["dialled"])
    owner = {"type": "building", "id": BUILDING}
    await patch(gateway, changes(1, 2, accounts=[account(DOOR, owner, "door", "door", "pw-door", enabled=False)]))
    refused = await place(gateway)
    assert (refused.status, refused.code) == (409, "account_disabled")

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
from .client import put
from .conftest import StartGateway
from .snapshots import DOOR, object_id, whole
from .test_kamailio import entry
from .test_voicemail import probe, ready, rows

RING_SECONDS = 5


def rules() -> list[dict[str, Any]]:
    """Ring for five seconds, then take a message."""
    ring = {**whole(1)["rules"][0], "ring_seconds": RING_SECONDS}
    voicemail = {"id": object_id(5, 2), "position": 2, "action": "voicemail", "target": {"type": "voicemail"}}
    return [ring, {**ring, **voicemail}]


@pytest.fixture
async def engine(folder: Path) -> AsyncIterator[RtpEngine]:
    async with RtpEngine(folder / "run") as started:
        yield started


@pytest.fixture
def agent() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
async def gateway(start_gateway: StartGateway, engine: RtpEngine, agent: str) -> Gateway:
    return await start_gateway(agent_address=agent, rtpengine_address=engine.address, message_seconds=20)


@pytest.fixture
async def kamailio(gateway: Gateway, engine: RtpEngine, agent: str, folder: Path) -> AsyncIterator[Kamailio]:
    """With the snapshot live and voicemail up."""
    settings: dict[str, str | int] = {"RTPENGINE": engine.address, "VOICEMAIL_ADDRESS": agent}
    async with Kamailio(folder / "data", folder / "run", settings=settings) as started:
        await put(gateway, whole(1, rules=rules()))
        await ready(gateway)
        await flag(started, "voicemail", "up")
        yield started


async def flag(kamailio: Kamailio, name: str, value: str) -> None:
    async def has_come() -> bool:
        return bool(await entry(kamailio, "sys", name) == value)

    await wait_until(has_come, what=f"sys=>{name} is {value}")


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
    await door.hears(200)
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

# SPDX-License-Identifier: Apache-2.0
"""Voicemail with the real agent, RTPEngine and ffmpeg; the calls come as Kamailio passes them on."""

import asyncio
from collections.abc import AsyncIterator
import json
from pathlib import Path
import sqlite3
import subprocess
from typing import Any

import pytest
from stack.gateway import Gateway
from stack.ports import free_port
from stack.waiting import wait_until

from . import outbox
from .client import put
from .conftest import StartGateway
from .media_engine import MediaEngine
from .snapshots import DOOR, object_id, whole
from .visitor import Visitor

CALL = "call-1.0"


@pytest.fixture
async def engine(folder: Path) -> AsyncIterator[MediaEngine]:
    async with MediaEngine(folder / "run") as started:
        yield started


@pytest.fixture
def agent() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
async def gateway(start_gateway: StartGateway, engine: MediaEngine, agent: str) -> Gateway:
    """With units 1 and 2, messages of at most 3 s, and ready."""
    started = await start_gateway(agent_address=agent, rtpengine_address=engine.address, message_seconds=3)
    await put(started, whole(1))
    await ready(started)
    return started


async def ready(gateway: Gateway, *, is_ready: bool = True) -> None:
    async def has_come() -> bool:
        return bool((await gateway.status())["voicemail"]["ready"] is is_ready)

    await wait_until(has_come, what=f"voicemail ready: {is_ready}")


def user(gateway: Gateway, unit: int = 1) -> str:
    return f"vm{outbox.keys(gateway.data_folder)[object_id(3, unit)]}"


def neolia_call(gateway: Gateway) -> str:
    return f"{CALL};caller={outbox.keys(gateway.data_folder)[DOOR]}"


def rows(gateway: Gateway) -> list[dict[str, Any]]:
    database = sqlite3.connect(f"file:{gateway.data_folder / 'gateway.sqlite'}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    with database:
        return [dict(row) for row in database.execute("SELECT * FROM message ORDER BY message_id")]


def probe(file: Path) -> dict[str, Any]:
    command = ("ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", str(file))
    probed: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return probed


def files(gateway: Gateway) -> list[str]:
    return sorted(file.name for file in (gateway.data_folder / "messages").iterdir())


async def greeted(visitor: Visitor) -> None:
    """Wait for the end of the greeting and its beep."""

    async def silent() -> bool:
        before = visitor.sound.rtp
        await asyncio.sleep(0.5)
        return before > 0 and visitor.sound.rtp == before

    await wait_until(silent, seconds=20, what="the end of the greeting")


async def test_a_visitor_leaves_a_message_with_sound(
    gateway: Gateway, engine: MediaEngine, agent: str, folder: Path
) -> None:
    async with Visitor(agent, engine, folder) as visitor:
        assert await visitor.invite(user(gateway), neolia_call(gateway)) == 200
        visitor.speak()
        await greeted(visitor)
        assert visitor.sound.rtp > 250, "six seconds of greeting"
        await wait_until(lambda: visitor.is_hung_up_on, what="the end after three seconds")
    (row,) = await wait_until(lambda: rows(gateway), what="the message")
    assert (row["unit_id"], row["call_id"], row["video"], row["media_type"]) == (object_id(3, 1), CALL, 0, "audio/mp4")
    assert json.loads(row["caller"]) == {"account_id": DOOR, "username": "door", "kind": "door", "name": "door"}
    assert files(gateway) == [f"{row['message_id']}.m4a"]
    file = gateway.data_folder / "messages" / files(gateway)[0]
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_size == row["size"]
    probed = probe(file)
    assert [stream["codec_name"] for stream in probed["streams"]] == ["aac"]
    assert float(probed["format"]["duration"]) == pytest.approx(3, abs=0.5)
    assert row["seconds"] == 3

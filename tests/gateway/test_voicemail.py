# SPDX-License-Identifier: Apache-2.0
"""Voicemail with the real agent, RTPEngine and ffmpeg; the calls come as Kamailio passes them on."""

import asyncio
from collections.abc import AsyncIterator
import json
import os
from pathlib import Path
import signal
import sqlite3
import subprocess
from typing import Any

import aiohttp
import pytest
from stack.gateway import Gateway
from stack.paths import CHECKOUT
from stack.ports import free_port
from stack.rtpengine import RtpEngine
from stack.waiting import wait_until

from . import outbox
from .client import Answer, ask, put
from .conftest import StartGateway
from .snapshots import DOOR, object_id, whole
from .visitor import Visitor

CALL = "call-1.0"
GREETINGS = CHECKOUT / "addon" / "greetings"


@pytest.fixture
async def engine(folder: Path) -> AsyncIterator[RtpEngine]:
    async with RtpEngine(folder / "run", plays_from=[folder / "data", GREETINGS]) as started:
        yield started


@pytest.fixture
def agent() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
async def gateway(start_gateway: StartGateway, engine: RtpEngine, agent: str) -> Gateway:
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


@pytest.fixture
async def short(gateway: Gateway) -> Gateway:
    """With a greeting of a moment."""
    assert (await put_greeting(gateway, wav(0.2))).status == 200
    return gateway


def wav(seconds: float, *options: str) -> bytes:
    source = ("-f", "lavfi", "-i", f"sine=frequency=300:sample_rate=16000:duration={seconds}")
    return ffmpeg(*source, *options, "-f", "wav", "pipe:1")


def ffmpeg(*words: str) -> bytes:
    return subprocess.run(("ffmpeg", "-v", "error", *words), check=True, capture_output=True).stdout


async def put_greeting(gateway: Gateway, sound: bytes, query: str = "") -> Answer:
    return await ask(gateway, "PUT", f"/v1/greeting{query}", data=sound)


async def recording(gateway: Gateway, times: int = 1) -> None:
    """Wait for the end of the beep."""
    await wait_until(lambda: gateway.log.read_text().count("recording a message") >= times, what="the beep")


async def message(gateway: Gateway) -> dict[str, Any]:
    """Wait for the only message and return it as the API lists it."""

    async def listed() -> Any:
        answer = await ask(gateway, "GET", "/v1/messages")
        return answer.json["messages"]

    (found,) = await wait_until(listed, what="the message")
    return dict(found)


async def no_message(gateway: Gateway) -> None:
    """Wait until the call is over, without a trace."""
    await wait_until(lambda: files(gateway) == [], what="an empty folder of messages")
    assert rows(gateway) == []


async def fetch(gateway: Gateway, message_id: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    async with (
        aiohttp.ClientSession(headers={**gateway.headers, **headers}) as session,
        session.get(f"{gateway.url}/v1/messages/{message_id}") as answer,
    ):
        return answer.status, dict(answer.headers), await answer.read()


async def leave_message(gateway: Gateway, visitor: Visitor, unit: int = 1) -> None:
    assert await visitor.invite(user(gateway, unit), neolia_call(gateway)) == 200
    visitor.speak()
    await recording(gateway)
    await wait_until(lambda: visitor.is_hung_up_on, what="the end after three seconds")


async def test_a_visitor_leaves_a_message_with_sound(
    gateway: Gateway, engine: RtpEngine, agent: str, folder: Path
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
    await wait_until(lambda: files(gateway) == [f"{row['message_id']}.m4a"], what="the message's file alone")
    file = gateway.data_folder / "messages" / files(gateway)[0]
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_size == row["size"]
    probed = probe(file)
    assert [stream["codec_name"] for stream in probed["streams"]] == ["aac"]
    assert float(probed["format"]["duration"]) == pytest.approx(3, abs=1)
    assert row["seconds"] in (2, 3)
    (event,) = [event for event in outbox.logged(gateway.data_folder) if event["type"] == "message"]
    assert {name: event[name] for name in ("call_id", "message_id", "unit_id", "seconds", "video")} == {
        "call_id": CALL,
        "message_id": row["message_id"],
        "unit_id": object_id(3, 1),
        "seconds": row["seconds"],
        "video": False,
    }
    assert event["caller"]["username"] == "door"


async def test_a_message_has_the_picture_of_a_door(short: Gateway, engine: RtpEngine, agent: str, folder: Path) -> None:
    async with Visitor(agent, engine, folder, video=True) as visitor:
        assert await visitor.invite(user(short), neolia_call(short)) == 200
        visitor.speak()
        await visitor.show()
        await recording(short)
        await wait_until(lambda: visitor.is_hung_up_on, what="the end after three seconds")
        left = await message(short)
    assert (left["video"], left["media_type"]) == (True, "video/mp4")
    probed = probe(short.data_folder / "messages" / f"{left['message_id']}.mp4")
    streams = {stream["codec_name"]: stream for stream in probed["streams"]}
    assert set(streams) == {"h264", "aac"}
    assert int(streams["h264"]["nb_read_frames"]) > 10
    assert float(probed["format"]["duration"]) == pytest.approx(3, abs=1)


async def test_a_picture_that_is_offered_and_never_comes_costs_no_sound(
    short: Gateway, engine: RtpEngine, agent: str, folder: Path
) -> None:
    async with Visitor(agent, engine, folder, video=True) as visitor:
        await leave_message(short, visitor)
        left = await message(short)
    assert (left["video"], left["media_type"]) == (False, "audio/mp4")
    assert left["seconds"] in (2, 3)


async def test_who_hangs_up_before_the_beep_leaves_nothing(
    gateway: Gateway, engine: RtpEngine, agent: str, folder: Path
) -> None:
    async with Visitor(agent, engine, folder) as visitor:
        assert await visitor.invite(user(gateway), neolia_call(gateway)) == 200
        visitor.speak()
        await wait_until(lambda: visitor.sound.rtp > 50, what="the beginning of the greeting")
        assert files(gateway) != [], "what is received before the beep"
        visitor.hang_up()
        await no_message(gateway)


async def test_who_says_nothing_leaves_nothing(short: Gateway, engine: RtpEngine, agent: str, folder: Path) -> None:
    async with Visitor(agent, engine, folder) as visitor:
        assert await visitor.invite(user(short), neolia_call(short)) == 200
        await recording(short)
        await wait_until(lambda: visitor.is_hung_up_on, what="the end after three seconds")
        await no_message(short)


@pytest.mark.parametrize(
    ("called", "header"),
    [("vm999999", True), ("vm", True), ("door", True), ("vm-1", True), ("", False)],
    ids=["no such unit", "no key", "no voicemail", "a negative key", "not from Kamailio's step"],
)
async def test_who_is_not_for_the_agent_is_refused(
    gateway: Gateway, engine: RtpEngine, agent: str, folder: Path, called: str, header: bool
) -> None:
    async with Visitor(agent, engine, folder) as visitor:
        call = neolia_call(gateway) if header else None
        assert await visitor.invite(called or user(gateway), call) == 480


async def test_without_ffmpeg_there_is_no_voicemail(
    start_gateway: StartGateway, engine: RtpEngine, agent: str, folder: Path
) -> None:
    gateway = await start_gateway(agent_address=agent, rtpengine_address=engine.address, ffmpeg="/nowhere/ffmpeg")
    await put(gateway, whole(1))

    async def is_connected() -> bool:
        return bool((await gateway.status())["rtpengine"]["connected"])

    await wait_until(is_connected, what="RTPEngine's answer")
    assert (await gateway.status())["voicemail"]["ready"] is False
    async with Visitor(agent, engine, folder) as visitor:
        assert await visitor.invite(user(gateway), neolia_call(gateway)) == 480


async def test_rtpengine_is_watched(gateway: Gateway, engine: RtpEngine) -> None:
    assert (await gateway.status())["rtpengine"] == {"connected": True}
    await engine.stop()
    await ready(gateway, is_ready=False)
    assert (await gateway.status())["rtpengine"] == {"connected": False}
    await engine.start()
    await ready(gateway)


def receivers(gateway: Gateway) -> list[int]:
    """The ffmpeg processes that record for this gateway."""
    found = subprocess.run(
        ("pgrep", "-f", f"ffmpeg.*{gateway.data_folder}.*mkv"), capture_output=True, text=True, check=False
    )
    return [int(pid) for pid in found.stdout.split()]


async def test_what_was_said_until_ffmpeg_died_is_kept(
    short: Gateway, engine: RtpEngine, agent: str, folder: Path
) -> None:
    async with Visitor(agent, engine, folder) as visitor:
        assert await visitor.invite(user(short), neolia_call(short)) == 200
        visitor.speak()
        await recording(short)
        await asyncio.sleep(2)  # the visitor speaks
        for pid in receivers(short):
            os.kill(pid, signal.SIGKILL)
        await wait_until(lambda: visitor.is_hung_up_on, what="the end")
        left = await message(short)
    assert left["seconds"] in (1, 2)
    assert probe(short.data_folder / "messages" / f"{left['message_id']}.m4a")["streams"]


async def test_a_stop_keeps_the_message_that_is_being_left(
    short: Gateway, engine: RtpEngine, agent: str, folder: Path
) -> None:
    async with Visitor(agent, engine, folder) as visitor:
        assert await visitor.invite(user(short), neolia_call(short)) == 200
        visitor.speak()
        await recording(short)
        await asyncio.sleep(2)  # the visitor speaks
        assert await short.stop() == 0
        assert visitor.is_hung_up_on
    (row,) = rows(short)
    assert row["announced"] == 1
    assert files(short) == [f"{row['message_id']}.m4a"]


async def test_a_crash_leaves_no_broken_message(short: Gateway, engine: RtpEngine, agent: str, folder: Path) -> None:
    async with Visitor(agent, engine, folder) as visitor:
        assert await visitor.invite(user(short), neolia_call(short)) == 200
        visitor.speak()
        await recording(short)
        await short.kill()
    await wait_until(lambda: receivers(short) == [], what="the end of what recorded")
    assert files(short) != []
    await short.start()
    await no_message(short)


async def test_messages_are_listed_fetched_and_deleted(
    short: Gateway, engine: RtpEngine, agent: str, folder: Path
) -> None:
    async with Visitor(agent, engine, folder) as visitor:
        await leave_message(short, visitor, unit=2)
        left = await message(short)
    assert left["unit_id"] == object_id(3, 2)
    assert left["caller"]["username"] == "door"
    assert (await ask(short, "GET", f"/v1/messages?unit_id={object_id(3, 2)}")).json == {"messages": [left]}
    assert (await ask(short, "GET", f"/v1/messages?unit_id={object_id(3, 1)}")).json == {"messages": []}
    figures = {"ready": True, "messages": 1, "bytes": left["size"]}

    async def are_shown() -> bool:
        return bool((await short.status())["voicemail"] == figures)

    await wait_until(are_shown, what=f"voicemail {figures} in the status")

    status, headers, data = await fetch(short, left["message_id"])
    assert (status, headers["Content-Type"], headers["Accept-Ranges"]) == (200, "audio/mp4", "bytes")
    assert data == (short.data_folder / "messages" / f"{left['message_id']}.m4a").read_bytes()
    assert len(data) == left["size"]
    status, headers, part = await fetch(short, left["message_id"], Range="bytes=10-19")
    assert (status, part, headers["Content-Range"]) == (206, data[10:20], f"bytes 10-19/{len(data)}")
    status, _, part = await fetch(short, left["message_id"], Range="bytes=-5")
    assert (status, part) == (206, data[-5:])
    status, headers, _ = await fetch(short, left["message_id"], Range=f"bytes={len(data)}-")
    assert (status, headers["Content-Range"]) == (416, f"bytes */{len(data)}")

    async with (
        aiohttp.ClientSession(headers=short.headers) as session,
        session.delete(f"{short.url}/v1/messages/{left['message_id']}") as answer,
    ):
        assert answer.status == 204
    assert files(short) == []
    assert (await ask(short, "GET", "/v1/messages")).json == {"messages": []}
    assert (await ask(short, "GET", f"/v1/messages/{left['message_id']}")).status == 404
    assert (await ask(short, "DELETE", f"/v1/messages/{left['message_id']}")).status == 404


async def test_a_greeting_of_a_unit_is_heard_there(short: Gateway, engine: RtpEngine, agent: str, folder: Path) -> None:
    answer = await put_greeting(short, wav(2, "-ac", "2", "-c:a", "pcm_s24le"), f"?unit_id={object_id(3, 1)}")
    assert (answer.status, answer.json) == (200, {"seconds": 2.0})
    heard = {}
    for unit in (1, 2):
        async with Visitor(agent, engine, folder) as visitor:
            assert await visitor.invite(user(short, unit), neolia_call(short)) == 200
            await recording(short, unit)
            heard[unit] = visitor.sound.rtp
            visitor.hang_up()
    assert heard[1] == pytest.approx(120, abs=12), "2 s and the beep"
    assert heard[2] == pytest.approx(30, abs=8), "0.2 s and the beep"


async def test_without_a_greeting_of_its_own_the_shipped_one_is_heard(
    short: Gateway, engine: RtpEngine, agent: str, folder: Path
) -> None:
    async with (
        aiohttp.ClientSession(headers=short.headers) as session,
        session.delete(f"{short.url}/v1/greeting") as answer,
    ):
        assert answer.status == 204
    async with Visitor(agent, engine, folder) as visitor:
        assert await visitor.invite(user(short), neolia_call(short)) == 200
        await greeted(visitor)
        assert visitor.sound.rtp > 250


@pytest.mark.parametrize(
    ("sound", "status"),
    [
        (b"", 400),
        (b"RIFF\x00\x00\x00\x00WAVE" + b"fmt " * 20, 400),
        (b"ID3" + b"x" * 1000, 400),
        (ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "-c:a", "adpcm_ms", "-f", "wav", "pipe:1"), 400),
        (ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "-c:a", "libmp3lame", "-f", "mp3", "pipe:1"), 400),
        (wav(62), 400),
        (b"RIFF\x00\x00\x00\x00WAVE" + b"x" * 5_000_001, 413),
    ],
    ids=["nothing", "no sound in it", "another format", "another codec", "mp3", "too long", "too large"],
)
async def test_what_is_no_greeting_is_refused(short: Gateway, sound: bytes, status: int) -> None:
    before = (short.data_folder / "greetings" / "all.wav").read_bytes()
    assert (await put_greeting(short, sound)).status == status
    assert [file.name for file in (short.data_folder / "greetings").iterdir()] == ["all.wav"]
    assert (short.data_folder / "greetings" / "all.wav").read_bytes() == before


async def test_a_greeting_needs_a_unit_that_exists(short: Gateway) -> None:
    assert (await put_greeting(short, wav(1), "?unit_id=nobody")).status == 404
    assert (await put_greeting(short, wav(1), "?unit_id=../../x")).status == 404

# SPDX-License-Identifier: Apache-2.0
"""Kamailio and the gateway run as a user who is not root, and nobody else can read what they keep."""

import os
from pathlib import Path
import stat

import pytest
from stack.gateway import Gateway
from stack.kamailio import Kamailio
from stack.ports import free_port
from stack.rtpengine import RtpEngine
from stack.waiting import wait_until

from tests.gateway.sessions import create
from tests.gateway.snapshots import object_id, whole
from tests.gateway.test_voicemail import message, neolia_call, put_greeting, ready, recording, user, wav
from tests.gateway.visitor import Visitor
from tests.kamailio.directories import Snapshot
from tests.kamailio.sip_client import SipClient
from tests.kamailio.tables import push

USER = 64741


@pytest.fixture
def folders(folder: Path) -> tuple[Path, Path]:
    """Of the data and of the sockets."""
    os.chown(folder, USER, USER)
    made = (folder / "data", folder / "run")
    for part in made:
        part.mkdir(mode=0o700)
        os.chown(part, USER, USER)
    return made


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start something as somebody else")
async def test_neither_is_root_and_nobody_else_reads_their_files(
    folders: tuple[Path, Path], rtpengine: RtpEngine, home: Snapshot
) -> None:
    kamailio = Kamailio(*folders, settings={"RTPENGINE": rtpengine.address}, user=USER)
    async with Gateway(*folders, user=USER) as gateway:
        await push(gateway, home)
        async with kamailio:
            await a_call(kamailio)
            await wait_until(lambda: is_connected(gateway), what="the gateway's way to Kamailio")
            users = {name: users_of(part.process.pid) for name, part in (("gateway", gateway), ("kamailio", kamailio))}
            assert users == {"gateway": {USER}, "kamailio": {USER}}
            files = [file for part in folders for file in part.rglob("*")]
            assert {"gateway.sqlite", "sip.sqlite", "location.sqlite", "events.sqlite", "kamailio.sock"} <= {
                file.name for file in files
            }
            assert [f"{file} {mode:o}" for file in files if (mode := open_to(file))] == []
            assert kamailio.complaints() == []


async def a_call(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "door-1") as door:
        assert (await panel.register()).code == 200
        await door.call("401")
        await panel.receive_any("INVITE ")


async def is_connected(gateway: Gateway) -> bool:
    return bool((await gateway.status())["kamailio"]["connected"])


def users_of(group: int) -> set[int]:
    """The users, real and effective, as whom the processes of a group run."""
    users: set[int] = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if os.getpgid(int(status.parent.name)) == group:
                line = next(line for line in status.read_text().splitlines() if line.startswith("Uid:"))
                users |= set(map(int, line.split()[1:]))
        except ProcessLookupError, FileNotFoundError:
            continue
    return users


def open_to(file: Path) -> int:
    """What others than the owner may do with it. Logs are the stack's own, greetings are for RTPEngine's user too."""
    if file.suffix == ".log":
        return 0
    allowed = 0o055 if file.name == "greetings" else 0o044 if file.parent.name == "greetings" else 0
    return stat.S_IMODE(file.stat().st_mode) & 0o077 & ~allowed


async def test_the_gateways_files_are_private_whatever_the_umask_of_its_starter(folder: Path) -> None:
    """Also the one that a message is recorded into."""
    data, run, engine_folder = (folder / name for name in ("data", "run", "engine"))
    for part in (data, run, engine_folder):
        part.mkdir(mode=0o700)
    agent = f"127.0.0.1:{free_port()}"
    async with RtpEngine(engine_folder, plays_from=[data]) as engine:
        settings: dict[str, str | int] = {
            "agent_address": agent,
            "rtpengine_address": engine.address,
            "message_seconds": 2,
        }
        async with Gateway(data, run, settings=settings, umask=0) as gateway:
            await leave_traces(gateway)
            async with Visitor(agent, engine, folder) as visitor:
                assert await visitor.invite(user(gateway), neolia_call(gateway)) == 200
                visitor.speak()
                await recording(gateway)
                modes = modes_below(data, run)
                await wait_until(lambda: visitor.is_hung_up_on, what="the end after two seconds")
            await message(gateway)
            modes |= modes_below(data, run)
    assert {
        *(f"{name}.sqlite{part}" for name in ("gateway", "sip", "events") for part in ("", "-wal", "-shm")),
        *("location.sqlite", "gateway.lock", "messages", "greetings", "all.wav", f"{object_id(3, 1)}.wav"),
    } <= {file.name for file in modes}
    assert {".mkv", ".m4a"} <= {file.suffix for file in modes if file.parent.name == "messages"}
    assert [f"{file} {mode:o}" for file, mode in modes.items() if mode] == []


async def leave_traces(gateway: Gateway) -> None:
    """A directory, a session, greetings."""
    await push(gateway, whole(1))
    await create(gateway)
    await ready(gateway)
    for query in ("", f"?unit_id={object_id(3, 1)}"):
        assert (await put_greeting(gateway, wav(0.2), query)).status == 200


def modes_below(*folders: Path) -> dict[Path, int]:
    return {file: open_to(file) for folder in folders for file in folder.rglob("*")}

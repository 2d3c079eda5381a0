# SPDX-License-Identifier: Apache-2.0
"""A power cut takes what is not on the disk: whoever is told that his change is kept is told so after the disk has it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import subprocess

from _core import Directory
from stack.kamailio import Kamailio
from stack.waiting import wait_until

from tests.bindings import program
from tests.bindings.estate import ACTOR, SITE
from tests.gateway.client import patch, put
from tests.gateway.snapshots import changes, unit, whole
from tests.kamailio.sip_client import SipClient

from .conftest import StartGateway
from .sip_calls import call, logged_last

CALLS = ("strace", "-f", "-y", "-s", "200", "-e", "trace=fsync,fdatasync,write,sendto,sendmsg,writev")
RENAMES = """
    import os, sys
    from _core import Directory

    directory = Directory.open(sys.argv[1])
    directory.update_site(sys.argv[2], {"name": "First"}, actor="tests")
    os.write(1, b"before\\n")
    directory.update_site(sys.argv[2], {"name": "Second"}, actor="tests")
    os.write(1, b"acknowledged\\n")
"""


def synced(calls: list[str], file: str) -> bool:
    return any("sync(" in call and f"{file}>" in call for call in calls)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@asynccontextmanager
async def traced(pids: list[int], log: Path) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *CALLS, "-o", str(log), "-p", ",".join(map(str, pids)), stderr=asyncio.subprocess.PIPE
    )
    if process.stderr is None:
        raise RuntimeError("strace has no output")
    async with asyncio.timeout(20):
        for _ in pids:
            await process.stderr.readuntil(b"attached")
    yield
    process.terminate()
    await process.wait()


async def test_the_gateway_answers_after_the_disk_has_the_change(start_gateway: StartGateway, folder: Path) -> None:
    gateway = await start_gateway()
    await put(gateway, whole(1))
    log = folder / "calls"
    async with traced([gateway.process.pid], log):
        assert (await patch(gateway, changes(1, 2, units=[unit(3)]))).status == 200
        await wait_until(lambda: "HTTP/1.1 200" in log.read_text(), what="the answer in the trace")
    calls = log.read_text().splitlines()
    answer = next(number for number, call in enumerate(calls) if "HTTP/1.1 200" in call)
    assert synced(calls[:answer], "gateway.sqlite-wal")


async def test_kamailio_syncs_events(start_gateway: StartGateway, folder: Path) -> None:
    gateway = await start_gateway()
    async with Kamailio(folder / "data", folder / "run") as kamailio:
        await put(gateway, whole(1))
        log = folder / "calls"
        with SipClient(kamailio.server, "door") as door:
            assert await call(door, "999", "first") == 404
            await logged_last(gateway, "first")
            async with traced(children(kamailio.process.pid), log):
                assert await call(door, "999", "second") == 404
                await wait_until(
                    lambda: synced(log.read_text().splitlines(), "events.sqlite-wal"), what="the event on the disk"
                )


def test_the_directory_returns_after_the_disk_has_the_change(directory: Directory, file: Path, tmp_path: Path) -> None:
    site = directory.create_site(SITE, actor=ACTOR)["id"]
    directory.close()
    log = tmp_path / "calls"
    subprocess.run([*CALLS, "-o", log, *program.arguments(RENAMES, file, site)], env=program.environment(), check=True)
    calls = log.read_text().splitlines()
    before, after = (
        next(number for number, call in enumerate(calls) if word in call) for word in ('"before', '"acknowledged')
    )
    assert synced(calls[before:after], f"{file.name}-wal")

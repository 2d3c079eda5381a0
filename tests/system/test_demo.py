# SPDX-License-Identifier: Apache-2.0
"""scripts/demo shows a ring, says what went wrong, and leaves nothing behind."""

from collections.abc import Iterator
import os
from pathlib import Path
import re
import shutil
import signal
import socket
import sys
import tempfile

import pytest
from stack.paths import CHECKOUT
from stack.processes import Process
from stack.waiting import wait_until

# The loop that the installation's connections live on: they have to answer while these tests run.
pytestmark = pytest.mark.asyncio(loop_scope="session")

START_SECONDS = 180.0


@pytest.fixture
def folder() -> Iterator[Path]:
    """The demo's TMPDIR: a short path that is found again in the environment of everything it starts."""
    path = Path(tempfile.mkdtemp(prefix="neolia-td-"))
    yield path
    shutil.rmtree(path)


async def start(folder: Path, *arguments: str, **environment: str) -> Process:
    (folder / "tmp").mkdir()
    return await Process.start(
        "the demo",
        *(sys.executable, "-m", "stack.demo", *arguments),
        log=folder / "output",
        environment={"PYTHONPATH": "scripts", "TMPDIR": str(folder / "tmp"), **environment},
        folder=CHECKOUT,
    )


def left_behind(folder: Path) -> list[str]:
    """Files, and processes that were started with this TMPDIR."""
    found = [str(path) for path in (folder / "tmp").iterdir()]
    mark = f"TMPDIR={folder / 'tmp'}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def ports_in(output: str) -> list[int]:
    return [int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", output)]


def is_closed(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) != 0


async def test_once_checks_a_visit_and_leaves_nothing(folder: Path) -> None:
    demo = await start(folder, "--once")
    assert await demo.wait(START_SECONDS) == 0, demo.log_tail()
    output = demo.log.read_text()
    assert "panel-401-hall rings" in output
    assert "'event_type': 'ring'" in output
    assert re.search(r"^demo: [1-9]\d* passed, 0 failed$", output, re.MULTILINE)
    assert left_behind(folder) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_everything(folder: Path, number: signal.Signals) -> None:
    demo = await start(folder)
    await wait_until(
        lambda: demo.check() and "Ctrl-C stops everything" in demo.log.read_text(), seconds=START_SECONDS, every=0.2
    )
    ports = ports_in(demo.log.read_text())
    assert len(ports) == 4
    assert [port for port in ports if is_closed(port)] == []
    assert len(left_behind(folder)) > 5

    os.kill(demo.pid, number)
    os.kill(demo.pid, number)  # an impatient person
    assert await demo.wait(60) == 0, demo.log_tail()
    assert left_behind(folder) == []
    assert [port for port in ports if not is_closed(port)] == []


async def test_a_failure_is_told_with_its_reason(folder: Path) -> None:
    programs = folder / "programs"
    programs.mkdir()
    (programs / "kamailio").write_text("#!/bin/sh\necho 'no kamailio today'\nexit 3\n")
    (programs / "kamailio").chmod(0o755)
    demo = await start(folder, "--once", PATH=f"{programs}:{os.environ['PATH']}")
    assert await demo.wait(START_SECONDS) == 1
    output = demo.log.read_text()
    assert "The demo failed: kamailio ended with 3" in output
    assert "no kamailio today" in output
    assert left_behind(folder) == []

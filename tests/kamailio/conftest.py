# SPDX-License-Identifier: Apache-2.0
"""The real Kamailio of $NEOLIA_KAMAILIO_ROOT (6.0), or of this system (5.6), beside tables made by the real gateway."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
import shutil
import sys
import tempfile
from typing import Protocol

import pytest
import pytest_asyncio
from stack.kamailio import Kamailio
from stack.paths import BUILD
from stack.rtpengine import RtpEngine

from .directories import Snapshot
from .tables import fill

sys.path.append(str(BUILD / "python"))  # _core


class Serve(Protocol):
    async def __call__(self, snapshot: Snapshot, **settings: str | int) -> Kamailio: ...


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path: a unix socket's name has at most 107 characters."""
    path = Path(tempfile.mkdtemp(prefix="neolia-"))
    yield path
    shutil.rmtree(path)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def rtpengine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RtpEngine]:
    async with RtpEngine(tmp_path_factory.mktemp("rtpengine")) as engine:
        yield engine


@pytest.fixture
async def serve(folder: Path, rtpengine: RtpEngine) -> AsyncIterator[Serve]:
    """Starts Kamailio with the tables of a directory; the gateway is gone by then, calls do not need it.

    `settings` are those of addon/kamailio/settings.cfg.
    """
    started: list[Kamailio] = []

    async def start(snapshot: Snapshot, **settings: str | int) -> Kamailio:
        data, run = folder / "data", folder / "run"
        data.mkdir()
        run.mkdir(exist_ok=True)
        await fill(data, run, snapshot)
        kamailio = Kamailio(data, run, settings={"RTPENGINE": rtpengine.address, **settings})
        started.append(kamailio)
        return await kamailio.start()

    yield start
    for kamailio in started:
        await kamailio.stop()

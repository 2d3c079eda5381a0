# SPDX-License-Identifier: Apache-2.0
"""The real Kamailio of $NEOLIA_KAMAILIO_ROOT (6.0), or of this system (5.6), beside tables made by the real gateway."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
import shutil
import tempfile

import pytest
from stack.kamailio import Kamailio

from .directories import Snapshot
from .tables import fill

type Serve = Callable[[Snapshot], Awaitable[Kamailio]]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path: a unix socket's name has at most 107 characters."""
    path = Path(tempfile.mkdtemp(prefix="neolia-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
async def serve(folder: Path) -> AsyncIterator[Serve]:
    """Starts Kamailio with the tables of a directory; the gateway is gone by then, calls do not need it."""
    started: list[Kamailio] = []

    async def start(snapshot: Snapshot) -> Kamailio:
        data, run = folder / "data", folder / "run"
        data.mkdir()
        run.mkdir()
        await fill(data, snapshot)
        kamailio = Kamailio(data, run)
        started.append(kamailio)
        return await kamailio.start()

    yield start
    for kamailio in started:
        await kamailio.stop()

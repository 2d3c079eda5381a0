# SPDX-License-Identifier: Apache-2.0
"""The real gateway, alone or beside the real Kamailio."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
import shutil
import tempfile
from typing import Protocol

import pytest
from stack.gateway import Gateway
from stack.kamailio import Kamailio


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path (a unix socket's name has at most 107 characters), with `data` and `run` in it."""
    path = Path(tempfile.mkdtemp(prefix="neolia-"))
    (path / "data").mkdir(mode=0o700)
    (path / "run").mkdir(mode=0o700)
    yield path
    shutil.rmtree(path)


class StartGateway(Protocol):
    async def __call__(self, **settings: str | int) -> Gateway: ...


@pytest.fixture
async def start_gateway(folder: Path) -> AsyncIterator[StartGateway]:
    """Starts a gateway with these settings; all stop at the end."""
    async with AsyncExitStack() as stack:

        async def start(**settings: str | int) -> Gateway:
            made = Gateway(folder / "data", folder / "run", settings=settings)
            stack.push_async_callback(made.stop)
            return await made.start()

        yield start


@pytest.fixture
async def gateway(start_gateway: StartGateway) -> Gateway:
    """With ordinary settings and no Kamailio."""
    return await start_gateway()


@pytest.fixture
async def kamailio(gateway: Gateway, folder: Path) -> AsyncIterator[Kamailio]:
    """Beside the gateway."""
    async with Kamailio(folder / "data", folder / "run") as started:
        yield started

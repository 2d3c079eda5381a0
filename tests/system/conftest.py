# SPDX-License-Identifier: Apache-2.0
"""One installation with the example estate for all system tests: real Home Assistant, gateway, Kamailio and devices."""

from collections.abc import AsyncIterator
from pathlib import Path
import shutil
import tempfile

import pytest
import pytest_asyncio

from .whole_system import WholeSystem


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def system() -> AsyncIterator[WholeSystem]:
    """Started once; each test leaves it running and quiet, with all parts connected."""
    # Not pytest's own folder: the path of a Unix socket has little room.
    folder = Path(tempfile.mkdtemp(prefix="neolia-system-"))
    try:
        async with WholeSystem(folder) as system:
            yield system
    finally:
        shutil.rmtree(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Home Assistant's log is judged when everything else has happened."""
    items.sort(key=lambda item: item.path.name == "test_log.py")

# SPDX-License-Identifier: Apache-2.0
"""A home behind the real Kamailio: tests/kamailio's parts, seen by those who should not get in."""

from pathlib import Path

import pytest
from stack.kamailio import Kamailio

from tests.kamailio import directories
from tests.kamailio.conftest import Serve, folder, rtpengine, serve

__all__ = ["folder", "rtpengine", "serve"]

SCENARIOS = Path(__file__).parents[1] / "kamailio" / "scenarios"


@pytest.fixture
def home() -> directories.Snapshot:
    """Unit 401 with panel-1, rung by door-1."""
    return directories.load(SCENARIOS / "registered_and_rung" / "directory.json")


@pytest.fixture
async def kamailio(serve: Serve, home: directories.Snapshot) -> Kamailio:
    return await serve(home)

# SPDX-License-Identifier: Apache-2.0
"""The gateway of tests/gateway and the directory of tests/bindings, killed and damaged."""

import random

import pytest

from tests.bindings.conftest import directory, file
from tests.gateway.conftest import StartGateway, folder, start_gateway

__all__ = ["StartGateway", "directory", "file", "folder", "start_gateway"]


@pytest.fixture
def chance() -> random.Random:
    """Its seed is printed."""
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    return random.Random(seed)


@pytest.fixture(scope="session")
def kills(is_long: bool) -> int:
    """How often one is killed."""
    return 1000 if is_long else 20

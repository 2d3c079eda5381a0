# SPDX-License-Identifier: Apache-2.0
"""The gateway of tests/gateway and the directory of tests/bindings, killed and damaged."""

from collections.abc import Iterator
import random

import pytest
from stack.kamailio import Kamailio

from tests.bindings.conftest import directory, file
from tests.gateway.conftest import StartGateway, folder, start_gateway
from tests.kamailio.sip_client import SipClient

__all__ = ["StartGateway", "directory", "file", "folder", "start_gateway"]


@pytest.fixture
def door(kamailio: Kamailio) -> Iterator[SipClient]:
    """At the Kamailio of the test's module."""
    with SipClient(kamailio.server, "door", "pw-door") as client:
        yield client


@pytest.fixture
def panel_1(kamailio: Kamailio) -> Iterator[SipClient]:
    with SipClient(kamailio.server, "panel-1", "pw-panel-1") as client:
        yield client


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

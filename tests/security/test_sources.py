# SPDX-License-Identifier: Apache-2.0
"""What one source is: of IPv6 the whole network that a home is given, whatever address of it somebody writes from."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
import os
from pathlib import Path
import time

import pytest
from stack.kamailio import Kamailio
from stack.namespaces import Namespace

from tests.kamailio.directories import Snapshot
from tests.kamailio.sip_client import SipClient
from tests.kamailio.tables import fill

from .test_guard import GUESSES, PER_SECOND, WORKERS, answers_to, guess

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make networks")

ALL = "2001:db8::/32"
NETWORKS = ["2001:db8:1:2", "2001:db8:1:0", "2001:db8:0:0"]
"""The first four parts of their addresses; zeros, because a short address leaves them out."""


def addresses(network: str, count: int) -> list[str]:
    """Of all forms that a short address can have."""
    forms = ("::{:x}", ":0:1:2:{:x}", ":1:0:0:{:x}", ":{:x}:1:2:3", ":1::{:x}")
    return [network + forms[number % len(forms)].format(number + 1) for number in range(count)]


@pytest.fixture
def machine() -> Iterator[Namespace]:
    with Namespace("machine") as made:
        made.take(ALL)
        yield made


@pytest.fixture
async def kamailio(machine: Namespace, folder: Path, home: Snapshot) -> AsyncIterator[Kamailio]:
    data, run = folder / "data", folder / "run"
    data.mkdir()
    run.mkdir()
    await fill(data, run, home)
    settings: dict[str, str | int] = {"SIP_ADDRESS_2": "[::1]", "STRANGERS_PER_SECOND": PER_SECOND}
    async with Kamailio(data, run, namespace=machine, settings=settings) as started:
        yield started


class Clients:
    """One for each address, all in one machine."""

    def __init__(self, kamailio: Kamailio, machine: Namespace, stack: ExitStack) -> None:
        self._kamailio = kamailio
        self._machine = machine
        self._stack = stack

    def at(self, address: str, username: str, password: str | None = None) -> SipClient:
        server = f"[::1]:{self._kamailio.port}" if ":" in address else self._kamailio.server
        client = SipClient(server, username, password, address=address, namespace=self._machine)
        return self._stack.enter_context(client)


@pytest.fixture
def clients(kamailio: Kamailio, machine: Namespace) -> Iterator[Clients]:
    with ExitStack() as stack:
        yield Clients(kamailio, machine, stack)


def elsewhere(network: str) -> list[str]:
    """An address of the next network, and one of IPv4."""
    beginning, _, last = network.rpartition(":")
    return [f"{beginning}:{int(last, 16) + 1:x}::1", "127.0.0.1"]


@pytest.mark.parametrize("network", NETWORKS)
async def test_a_flood_from_many_addresses_of_one_network_is_that_of_one_source(clients: Clients, network: str) -> None:
    flooders = [clients.at(address, "x") for address in addresses(network, 40)]
    others = [clients.at(address, "panel-1") for address in elsewhere(network)]
    began = time.time()
    floods = [answers_to(flooder, [flooder.message("INVITE", "401") for _ in range(10)]) for flooder in flooders]
    answers, registered = await asyncio.gather(
        asyncio.gather(*floods), asyncio.gather(*(other.register() for other in others))
    )
    assert [reply.code for reply in registered] == [200, 200]
    assert sum(answers) <= (PER_SECOND + WORKERS) * (int(time.time()) - int(began) + 1)


@pytest.mark.parametrize("network", NETWORKS)
async def test_who_guesses_from_many_addresses_of_one_network_is_silenced(clients: Clients, network: str) -> None:
    """Nor can the right password be tried from there; elsewhere it can."""
    guesses = [await guess(clients.at(address, "panel-1", "wrong"), 1) for address in addresses(network, GUESSES + 2)]
    assert guesses == [[401]] * GUESSES + [[None]] * 2
    assert await guess(clients.at(f"{network}:f::f", "panel-1"), 1) == [None]
    for address in elsewhere(network):
        assert (await clients.at(address, "panel-1").register()).code == 200

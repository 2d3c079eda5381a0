# SPDX-License-Identifier: Apache-2.0
"""A building's networks in namespaces: nothing of them touches this machine's own, and all goes with the test.

    panel 10.9.1.2 ── NAT 10.9.1.1 │ 198.51.100.1 ──┐
                                                     ├── router 198.51.100.254 │ 192.0.2.1 ── door 192.0.2.2
    server 198.51.100.2 (Kamailio, RTPEngine) ───────┘

The router knows no way to the panel's network.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from stack.agents import Agent
from stack.kamailio import Kamailio
from stack.namespaces import Namespace, link
from stack.rtpengine import RtpEngine

from tests.kamailio import directories
from tests.kamailio.conftest import folder
from tests.kamailio.tables import fill

__all__ = ["folder"]

DIRECTORY = Path(__file__).parents[1] / "kamailio" / "scenarios" / "two_phones_one_answers" / "directory.json"
SERVER = "198.51.100.2"


@dataclass(frozen=True)
class Networks:
    server: Namespace
    router: Namespace
    nat: Namespace
    panel: Namespace
    door: Namespace


@pytest.fixture
def networks() -> Iterator[Networks]:
    with ExitStack() as stack:
        made = Networks(*(stack.enter_context(Namespace(name)) for name in Networks.__dataclass_fields__))
        connect(made)
        yield made


def connect(networks: Networks) -> None:
    server, router, nat = networks.server, networks.router, networks.nat
    router.run("ip", "link", "add", "lan", "type", "bridge")
    router.run("ip", "link", "set", "lan", "up")
    for host, port in ((server, "server"), (nat, "nat")):
        link(host, "lan", router, port)
        router.run("ip", "link", "set", port, "master", "lan")
    link(nat, "home", networks.panel, "home")
    link(router, "gate", networks.door, "gate")
    for host, interface, address in (
        (server, "lan", f"{SERVER}/24"),
        (nat, "lan", "198.51.100.1/24"),
        (router, "lan", "198.51.100.254/24"),
        (nat, "home", "10.9.1.1/24"),
        (networks.panel, "home", "10.9.1.2/24"),
        (router, "gate", "192.0.2.1/24"),
        (networks.door, "gate", "192.0.2.2/24"),
    ):
        host.run("ip", "address", "add", address, "dev", interface)
    for host, gateway in (
        (server, "198.51.100.254"),
        (nat, "198.51.100.254"),
        (networks.panel, "10.9.1.1"),
        (networks.door, "192.0.2.1"),
    ):
        host.run("ip", "route", "add", "default", "via", gateway)
    for host in (nat, router):
        host.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
    nat.run("iptables", "-t", "nat", "-A", "POSTROUTING", "-o", "lan", "-j", "MASQUERADE")


class Building:
    """Kamailio and RTPEngine in the server's network, devices in theirs."""

    def __init__(self, kamailio: Kamailio, rtpengine: RtpEngine, folder: Path, stack: AsyncExitStack) -> None:
        self.kamailio = kamailio
        self.rtpengine = rtpengine
        self._folder = folder
        self._stack = stack

    async def device(self, username: str, namespace: Namespace, interface: str) -> Agent:
        """A plain SIP device that sends a tone and a picture, signed in."""
        password = directories.password_of(username)
        agent = Agent(
            self._folder / username,
            username,
            password,
            self.kamailio.server,
            media=True,
            namespace=namespace,
            interface=interface,
        )
        self._stack.push_async_callback(agent.stop)
        await agent.start()
        await agent.register()
        return agent


@pytest.fixture
async def building(networks: Networks, folder: Path) -> AsyncIterator[Building]:
    data, run = folder / "data", folder / "run"
    data.mkdir()
    run.mkdir()
    await fill(data, run, directories.load(DIRECTORY))
    async with AsyncExitStack() as stack:
        rtpengine = await stack.enter_async_context(RtpEngine(run, interfaces=[SERVER], namespace=networks.server))
        settings: dict[str, str | int] = {"RTPENGINE": rtpengine.address, "PING_SECONDS": 1}
        kamailio = Kamailio(data, run, address=SERVER, namespace=networks.server, settings=settings)
        await stack.enter_async_context(kamailio)
        yield Building(kamailio, rtpengine, folder, stack)

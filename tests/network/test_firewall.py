# SPDX-License-Identifier: Apache-2.0
"""The limit of connections that docs/security.md gives to the firewall, as it stands there."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
import re
import socket

import pytest
from stack.namespaces import Namespace
from stack.paths import CHECKOUT

LIMIT = 200
PORTS = (5060, 5061, 5080, 8443)
SERVERS = {"IPv4": "127.0.0.1", "IPv6": "2001:db8:1::1"}
CALLERS = {
    "IPv4": (["127.0.1.1"], "127.0.1.2"),
    "IPv6": ([f"2001:db8:2:0:{number:x}::1" for number in range(LIMIT + 1)], "2001:db8:2:1::1"),
}
"""Where one caller comes from, and where another one does."""


class Server:
    def __init__(self, namespace: Namespace, address: str, stack: ExitStack) -> None:
        self._namespace = namespace
        self._address = address
        self._stack = stack
        for port in PORTS:
            self._socket(address, port).listen(2 * LIMIT)

    async def lets_in(self, source: str, port: int) -> bool:
        """Connect and stay; a packet that is dropped gets no answer."""
        caller = self._socket(source, 0)
        try:
            connected = asyncio.get_running_loop().sock_connect(caller, (self._address, port))
            await asyncio.wait_for(connected, 1)
        except TimeoutError:
            return False
        return True

    def _socket(self, address: str, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        made = self._stack.enter_context(self._namespace.socket(socket.SOCK_STREAM, family))
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address, port))
        return made


@pytest.fixture
def firewall() -> Iterator[Namespace]:
    """A host with the rules of the page."""
    with Namespace("firewall") as made:
        made.take("2001:db8::/32")
        made.run("sh", "-c", rules_of_the_page())
        yield made


def rules_of_the_page() -> str:
    page = (CHECKOUT / "docs" / "security.md").read_text()
    (rules,) = re.findall(r"^```sh\n(nft .*?)^```$", page, re.MULTILINE | re.DOTALL)
    return str(rules)


@pytest.mark.parametrize("family", SERVERS)
async def test_more_connections_of_one_caller_are_dropped_and_of_nobody_else(firewall: Namespace, family: str) -> None:
    sources, other = CALLERS[family]
    with ExitStack() as stack:
        server = Server(firewall, SERVERS[family], stack)
        for number in range(LIMIT):
            assert await server.lets_in(sources[number % len(sources)], PORTS[number % len(PORTS)]), number
        more = await asyncio.gather(*(server.lets_in(sources[-1], port) for port in PORTS))
        assert more == [False] * len(PORTS)
        assert await server.lets_in(other, PORTS[0])

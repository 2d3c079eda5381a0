# SPDX-License-Identifier: Apache-2.0
"""Networks of our own inside this machine: network namespaces, joined by pairs of virtual interfaces. Needs root."""

import asyncio
from collections.abc import Iterator
import contextlib
import itertools
import os
from pathlib import Path
import socket
import subprocess
from types import TracebackType
from typing import Self

_NAMES = itertools.count()


def run(*command: str) -> None:
    """Run a command; RuntimeError with what it said when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")


class Namespace:
    """One host of its own, from `with` to the end of it; its interfaces go with it."""

    def __init__(self, name: str) -> None:
        self.name = f"neolia-{os.getpid()}-{next(_NAMES)}-{name}"

    def __enter__(self) -> Self:
        run("ip", "netns", "add", self.name)
        self.run("ip", "link", "set", "lo", "up")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        run("ip", "netns", "delete", self.name)

    def command(self, command: list[str]) -> list[str]:
        """Return the command as it runs in this host."""
        return ["ip", "netns", "exec", self.name, *command]

    def run(self, *command: str) -> None:
        run(*self.command(list(command)))

    def take(self, network: str) -> None:
        """Let every address of an IPv6 network be this host's own."""
        self.run("ip", "route", "add", "local", network, "dev", "lo")
        self.run("sysctl", "-qw", "net.ipv6.ip_nonlocal_bind=1")

    def socket(self, kind: socket.SocketKind, family: socket.AddressFamily = socket.AF_INET) -> socket.socket:
        """Return a socket of this host; it stays one wherever it is used."""
        with self._entered():
            made = socket.socket(family, kind)
        made.setblocking(False)
        return made

    @contextlib.contextmanager
    def _entered(self) -> Iterator[None]:
        """Of this thread alone, and without a pause in between."""
        own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            there = os.open(Path("/run/netns") / self.name, os.O_RDONLY)
            try:
                os.setns(there, os.CLONE_NEWNET)
            finally:
                os.close(there)
            try:
                yield
            finally:
                os.setns(own, os.CLONE_NEWNET)
        finally:
            os.close(own)


def link(one: Namespace, interface: str, other: Namespace, other_interface: str) -> None:
    """Lay a cable between two hosts."""
    peer = ("peer", "name", other_interface, "netns", other.name)
    run("ip", "link", "add", interface, "netns", one.name, "type", "veth", *peer)
    one.run("ip", "link", "set", interface, "up")
    other.run("ip", "link", "set", other_interface, "up")


def command_in(namespace: Namespace | None, command: list[str]) -> list[str]:
    """Return the command as it runs there; None is this machine itself."""
    return namespace.command(command) if namespace else command


async def open_connection(
    namespace: Namespace | None, address: str, port: int
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect by TCP as a program there does; None is this machine itself."""
    if namespace is None:
        return await asyncio.open_connection(address, port)
    own = namespace.socket(socket.SOCK_STREAM)
    try:
        await asyncio.get_running_loop().sock_connect(own, (address, port))
        return await asyncio.open_connection(sock=own)
    except BaseException:
        own.close()
        raise

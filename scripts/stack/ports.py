# SPDX-License-Identifier: Apache-2.0
"""Ports that nobody uses, so that several stacks run side by side."""

import itertools
import os
import socket

# Below the ephemeral range, so that no outgoing connection takes the port meanwhile; each process begins elsewhere.
_FIRST, _LAST = 15000, 32000
_hosts = itertools.cycle(range(2, 255))
_candidates = itertools.cycle(range(_FIRST, _LAST))
_skipped = next(itertools.islice(_candidates, (os.getpid() * 97) % (_LAST - _FIRST), None))


def free_port(address: str = "127.0.0.1") -> int:
    """Return a port that is free for UDP and TCP; not handed out again in this process for a long while."""
    for port in itertools.islice(_candidates, _LAST - _FIRST):
        if _is_free(address, port):
            return port
    raise RuntimeError(f"no port from {_FIRST} to {_LAST} of {address} is free")


def preferred_port(port: int, address: str = "127.0.0.1") -> int:
    """Return `port` if it is free for UDP and TCP, else another one that is."""
    return port if _is_free(address, port) else free_port(address)


def free_host() -> str:
    """Return a loopback address of this process's own, for what must listen at a port that everybody knows."""
    process = os.getpid()
    return f"127.{process // 250 % 250 + 2}.{process % 250 + 2}.{next(_hosts)}"


def _is_free(address: str, port: int) -> bool:
    return all(_can_bind(address, port, kind) for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM))


def _can_bind(address: str, port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True

# SPDX-License-Identifier: Apache-2.0
"""A real RTPEngine in userspace, beside the Kamailio of the same root."""

import asyncio
from collections.abc import Sequence
import itertools
import json
import os
from pathlib import Path
import socket
from typing import Any, Self

from .kamailio import enter_root, root_of_environment
from .namespaces import Namespace, command_in
from .ports import free_port
from .processes import Process
from .waiting import wait_until

# RTPEngine sets SO_REUSEADDR, so two with the same ports would take each other's packets.
RTP_PORTS = 200
_FIRST_RTP_PORTS = range(33000, 60000, RTP_PORTS)


def _claim_rtp_ports() -> tuple[int, socket.socket]:
    """Return the first of so many ports, and the socket that keeps other stacks off them as long as it is open."""
    start = os.getpid() % len(_FIRST_RTP_PORTS)
    for first in (*_FIRST_RTP_PORTS[start:], *_FIRST_RTP_PORTS[:start]):
        claim = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            claim.bind(("127.0.0.1", first + RTP_PORTS - 1))
            claim.listen()
        except OSError:
            claim.close()
        else:
            return first, claim
    raise RuntimeError(f"every range of RTP ports from {_FIRST_RTP_PORTS.start} on is taken")


class RtpEngine:
    """One RTPEngine; `address` is its NG socket, as Kamailio and the gateway are configured."""

    def __init__(
        self,
        run_folder: Path,
        *,
        interfaces: Sequence[str] = ("127.0.0.1",),
        root: Path | None = None,
        namespace: Namespace | None = None,
        plays_from: Sequence[Path] = (),
        log_level: int = 6,
    ) -> None:
        """`plays_from`: the folders whose files it is asked to play. Levels are syslog's, 7 is everything."""
        self.port = free_port()
        self.log = run_folder / "rtpengine.log"
        self._run_folder = run_folder
        self._interfaces = interfaces
        self._root = root or root_of_environment()
        self._namespace = namespace
        self._plays_from = plays_from
        self._log_level = log_level
        self._claim: socket.socket | None = None
        self._process: Process | None = None
        self._cookies = itertools.count()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def start(self) -> Self:
        """Return when it answers."""
        first_port, self._claim = _claim_rtp_ports()
        command = [
            *(
                "rtpengine",
                "--config-file=none",
                "--table=-1",
                "--foreground",
                "--log-stderr",
                f"--log-level={self._log_level}",
            ),
            *(f"--interface={interface}" for interface in self._interfaces),
            f"--listen-ng={self.address}",
            f"--port-min={first_port}",
            f"--port-max={first_port + RTP_PORTS - 2}",
            "--delete-delay=0",
        ]
        self._process = await Process.start(
            "rtpengine",
            *command_in(self._namespace, enter_root(self._root, [self._run_folder, *self._plays_from], command)),
            log=self.log,
        )
        await wait_until(self._answers, seconds=20, what=f"RTPEngine's start ({self.log})")
        return self

    async def stop(self) -> None:
        if self._process is not None:
            await self._process.stop()
        self._release()

    async def kill(self) -> None:
        if self._process is not None:
            await self._process.kill()
        self._release()

    def _release(self) -> None:
        if self._claim is not None:
            self._claim.close()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def command(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Ask by the NG protocol; TimeoutError when it is silent."""
        loop = asyncio.get_running_loop()
        transport, answers = await loop.create_datagram_endpoint(_Answers, sock=self._connected())
        try:
            cookie = f"stack-{os.getpid()}-{next(self._cookies)}"
            transport.sendto(f"{cookie} {json.dumps({'command': command, **arguments})}".encode())
            answer = await asyncio.wait_for(answers.queue.get(), 2)
        finally:
            transport.close()
        reply: dict[str, Any] = json.loads(answer.split(b" ", 1)[1])
        return reply

    async def calls(self) -> list[str]:
        """Return the Call-IDs that it relays for."""
        return list((await self.command("list", limit=1000)).get("calls", []))

    def _connected(self) -> socket.socket:
        kind = socket.SOCK_DGRAM
        client = self._namespace.socket(kind) if self._namespace else socket.socket(socket.AF_INET, kind)
        client.connect(("127.0.0.1", self.port))
        return client

    async def _answers(self) -> bool:
        assert self._process
        self._process.check()
        try:
            return bool((await self.command("ping"))["result"] == "pong")
        except OSError, TimeoutError:
            return False


class _Answers(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.queue: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.queue.put_nowait(data)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens yet."""

# SPDX-License-Identifier: Apache-2.0
"""A real RTPEngine in userspace, beside the Kamailio of the same root."""

import asyncio
from collections.abc import Sequence
import itertools
import json
import os
from pathlib import Path
from typing import Any, Self

from .kamailio import enter_root
from .ports import free_port
from .processes import Process
from .waiting import wait_until

FIRST_RTP_PORT, LAST_RTP_PORT = 32000, 32700


class RtpEngine:
    """One RTPEngine; `address` is its NG socket, as Kamailio and the gateway are configured."""

    def __init__(
        self,
        run_folder: Path,
        *,
        interface: str = "127.0.0.1",
        root: Path | None = None,
        plays_from: Sequence[Path] = (),
    ) -> None:
        """`plays_from`: the folders whose files it is asked to play."""
        self.port = free_port()
        self.log = run_folder / "rtpengine.log"
        self._run_folder = run_folder
        self._interface = interface
        self._plays_from = plays_from
        self._root = root or (
            Path(os.environ["NEOLIA_KAMAILIO_ROOT"]) if "NEOLIA_KAMAILIO_ROOT" in os.environ else None
        )
        self._process: Process | None = None
        self._cookies = itertools.count()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def start(self) -> Self:
        """Return when it answers."""
        command = [
            *("rtpengine", "--config-file=none", "--table=-1", "--foreground", "--log-stderr", "--log-level=6"),
            *(f"--interface={self._interface}", f"--listen-ng={self.address}"),
            *(f"--port-min={FIRST_RTP_PORT}", f"--port-max={LAST_RTP_PORT}", "--delete-delay=0"),
        ]
        self._process = await Process.start(
            "rtpengine", *enter_root(self._root, [self._run_folder, *self._plays_from], command), log=self.log
        )
        await wait_until(self._answers, seconds=20, what=f"RTPEngine's start ({self.log})")
        return self

    async def stop(self) -> None:
        if self._process is not None:
            await self._process.stop()

    async def kill(self) -> None:
        if self._process is not None:
            await self._process.kill()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def command(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Ask by the NG protocol; TimeoutError when it is silent."""
        loop = asyncio.get_running_loop()
        transport, answers = await loop.create_datagram_endpoint(_Answers, remote_addr=("127.0.0.1", self.port))
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

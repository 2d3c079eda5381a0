# SPDX-License-Identifier: Apache-2.0
"""The real RTPEngine, and the commands that Kamailio gives it."""

import asyncio
import itertools
import json
from pathlib import Path
from typing import Any, Self

from stack.ports import free_port
from stack.processes import Process
from stack.waiting import wait_until


class Datagrams(asyncio.DatagramProtocol):
    """Answers by cookie."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {}

    def datagram_received(self, data: bytes, _: Any) -> None:
        cookie, _, text = data.partition(b" ")
        self.answers[cookie.decode()] = json.loads(text)


class MediaEngine:
    """One RTPEngine in userspace on the loopback; its NG socket is at `address`."""

    _cookies = itertools.count()

    def __init__(self, folder: Path, address: str | None = None) -> None:
        self.address = address or f"127.0.0.1:{free_port()}"
        self.log = folder / "rtpengine.log"
        self._process: Process | None = None
        self._first_port = free_port() // 200 * 200 + 10000

    async def start(self) -> Self:
        """Return when it answers."""
        ports = ("--port-min", str(self._first_port), "--port-max", str(self._first_port + 198))
        options = ("--foreground", "--log-stderr", "--table", "-1", "--interface", "127.0.0.1", *ports)
        command = ("rtpengine", *options, "--listen-ng", self.address, "--log-level", "6")
        self._process = await Process.start("rtpengine", *command, log=self.log)
        await wait_until(self._answers, what="RTPEngine's start")
        return self

    async def _answers(self) -> bool:
        return bool(self._process and self._process.check() and await self.ask("ping", seconds=0.2))

    async def ask(self, command: str, *, seconds: float = 5, **parameters: Any) -> dict[str, Any]:
        """Return the answer; an empty one when there is none."""
        host, port = self.address.split(":")
        loop = asyncio.get_running_loop()
        transport, datagrams = await loop.create_datagram_endpoint(Datagrams, remote_addr=(host, int(port)))
        cookie = f"test{next(self._cookies)}"
        named = {name.replace("_", "-"): value for name, value in parameters.items()}
        transport.sendto(f"{cookie} {json.dumps({'command': command, **named})}".encode())
        try:
            return await wait_until(lambda: datagrams.answers.get(cookie), seconds=seconds) or {}
        except TimeoutError:
            return {}
        finally:
            transport.close()

    async def stop(self) -> None:
        if self._process is not None:
            await self._process.stop()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

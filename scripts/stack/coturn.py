# SPDX-License-Identifier: Apache-2.0
"""A real TURN server on the loopback that takes time-limited credentials of a shared secret."""

import asyncio
from pathlib import Path
from typing import Self

from .ports import free_port
from .processes import Process
from .waiting import wait_until

REALM = "turn.example"


class Coturn:
    """One coturn. `secret_file` holds the secret, as the gateway's setting turn_secret_file wants it."""

    def __init__(self, folder: Path, secret: str) -> None:
        self.port = free_port()
        self.log = folder / "coturn.log"
        self.secret_file = folder / "turn.secret"
        self._configuration = folder / "turnserver.conf"
        for file, content in ((self.secret_file, secret + "\n"), (self._configuration, self._settings(folder, secret))):
            file.touch(mode=0o600)
            file.write_text(content)
        self._process: Process | None = None

    @property
    def url(self) -> str:
        return f"turn:127.0.0.1:{self.port}?transport=udp"

    async def start(self) -> Self:
        """Return when it listens."""
        self._process = await Process.start("turnserver", "turnserver", "-c", self._configuration, log=self.log)
        await wait_until(self._listens, seconds=20, what=f"coturn's start ({self.log})")
        return self

    async def stop(self) -> None:
        if self._process is not None:
            await self._process.stop()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def allocates(self, username: str, credential: str, log: Path) -> bool:
        """Whether it gives a relay to these credentials, and packets go through it and back."""
        client = await Process.start(
            "turnutils_uclient",
            *("turnutils_uclient", "-y", "-c", "-n", "1", "-m", "1", "-p", str(self.port)),
            *("-u", username, "-w", credential, "127.0.0.1"),
            log=log,
        )
        try:
            return await client.wait(20) == 0
        finally:
            await client.kill()

    def _settings(self, folder: Path, secret: str) -> str:
        return "\n".join(
            (
                "listening-ip=127.0.0.1",
                "relay-ip=127.0.0.1",
                f"listening-port={self.port}",
                "min-port=49152",
                "max-port=65535",
                "use-auth-secret",
                f"static-auth-secret={secret}",
                f"realm={REALM}",
                "allow-loopback-peers",
                "cli-password=unused",
                "no-cli",
                "no-tls",
                "no-dtls",
                f"pidfile={folder / 'turnserver.pid'}",
                f"userdb={folder / 'turndb'}",
                "log-file=stdout",
                "",
            )
        )

    async def _listens(self) -> bool:
        assert self._process
        self._process.check()
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True

# SPDX-License-Identifier: Apache-2.0
"""The real gateway on the loopback."""

from collections.abc import Mapping
import json
import os
from pathlib import Path
import secrets
from typing import Any, Self

import aiohttp

from .paths import BUILD, CHECKOUT
from .ports import free_port
from .processes import Process
from .waiting import wait_until


def gateway_binary() -> Path:
    """Return the daemon of $NEOLIA_GATEWAY, or of the release build."""
    chosen = os.environ.get("NEOLIA_GATEWAY")
    return Path(chosen) if chosen else BUILD / "native" / "gateway" / "neolia-gateway"


class Gateway:
    """One gateway; it speaks to the Kamailio whose control socket is in `run_folder`, when there is one."""

    def __init__(
        self,
        data_folder: Path,
        run_folder: Path,
        *,
        port: int | None = None,
        settings: dict[str, str | int] | None = None,
        user: int | None = None,
        umask: int = 0o077,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`settings` are those of `neolia-gateway --describe-settings`; it runs as `user`, who owns both folders, or as we do."""
        self.data_folder = data_folder
        self.run_folder = run_folder
        self.port = free_port() if port is None else port
        self.log = run_folder / "gateway.log"
        self.token = secrets.token_urlsafe(32)
        self._settings = settings or {}
        self._user = user
        self._umask = umask
        self._environment = environment
        self._process: Process | None = None

    @property
    def url(self) -> str:
        scheme = "https" if "tls_certificate" in self._settings else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    @property
    def headers(self) -> dict[str, str]:
        """The token, as each request needs it."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def process(self) -> Process:
        if self._process is None:
            raise RuntimeError("the gateway is not started")
        return self._process

    async def start(self) -> Self:
        """Return when it answers."""
        settings_file = self._write_settings()
        self._process = await Process.start(
            "gateway",
            *(gateway_binary(), "--settings", settings_file),
            log=self.log,
            environment=self._environment,
            user=self._user,
            umask=self._umask,
        )
        await wait_until(self._answers, seconds=20, what=f"the gateway's start ({self.log})")
        return self

    async def stop(self) -> int | None:
        """End it with SIGTERM and return its code; None when it was not started."""
        return None if self._process is None else await self._process.stop()

    async def kill(self) -> None:
        """End it as a crash would."""
        await self.process.kill()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def status(self) -> dict[str, Any]:
        async with (
            aiohttp.ClientSession(headers=self.headers) as session,
            session.get(f"{self.url}/v1/status", ssl=False) as answer,
        ):
            answer.raise_for_status()
            status: dict[str, Any] = await answer.json()
            return status

    def _write_settings(self) -> Path:
        token_file = self.run_folder / "gateway.token"
        token_file.touch(mode=0o600)
        token_file.write_text(self.token + "\n")
        settings = {
            "listen_port": self.port,
            "token_file": str(token_file),
            "data_folder": str(self.data_folder),
            "kamailio_rpc_socket": str(self.run_folder / "kamailio.sock"),
            "agent_address": f"127.0.0.1:{free_port()}",
            "rtpengine_address": f"127.0.0.1:{free_port()}",
            "greetings_folder": str(CHECKOUT / "addon" / "greetings"),
            **self._settings,
        }
        settings_file = self.run_folder / "gateway.json"
        settings_file.touch(mode=0o600)
        settings_file.write_text(json.dumps(settings, indent=2))
        if self._user is not None:
            for file in (token_file, settings_file):
                os.chown(file, self._user, self._user)
        return settings_file

    async def _answers(self) -> bool:
        self.process.check()
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"{self.url}/v1/health", ssl=False) as answer,
            ):
                return answer.status == 200
        except aiohttp.ClientConnectionError:
            return False

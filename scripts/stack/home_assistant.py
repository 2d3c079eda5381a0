# SPDX-License-Identifier: Apache-2.0
"""A real Home Assistant with a configuration folder of its own."""

import os
from pathlib import Path

from .home_assistant_api import HomeAssistantApi, Json
from .home_assistant_config import prepare_config
from .paths import COMPONENT, ENVIRONMENT
from .ports import free_port
from .processes import Process
from .waiting import wait_until

VERSION = "2026.11.0"
USER = "demo"
PASSWORD = "neolia-demo"
START_SECONDS = 180.0


class HomeAssistant:
    """One Home Assistant. It can be stopped, killed and started again; `api` is signed in while it runs."""

    def __init__(self, folder: Path, port: int | None = None, version: str = VERSION) -> None:
        """Prepare a new `folder`; `port` is a free one unless given."""
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self._program = ENVIRONMENT / f"venv-ha-{version}" / "bin" / "hass"
        self._api: HomeAssistantApi | None = None
        self._process: Process | None = None
        prepare_config(folder, "127.0.0.1", self.port, COMPONENT)

    @property
    def api(self) -> HomeAssistantApi:
        if self._api is None:
            raise RuntimeError("Home Assistant does not run")
        return self._api

    @property
    def log(self) -> Path:
        """The log of all its runs."""
        return self.folder / "console.log"

    @property
    def process(self) -> Process:
        if self._process is None:
            raise RuntimeError("Home Assistant was not started")
        return self._process

    async def start(self) -> None:
        """Start, wait until it has set up everything, and sign in; the first time its user is created."""
        first = self._process is None
        self._process = process = await self._run()
        self._api = api = HomeAssistantApi(self.url)
        await wait_until(
            lambda: process.check() and api.answers(), seconds=START_SECONDS, what="Home Assistant's web server"
        )
        await (api.onboard if first else api.sign_in)(USER, PASSWORD)
        await wait_until(self._is_running, seconds=START_SECONDS, what="Home Assistant's set-up")

    async def _run(self) -> Process:
        return await Process.start(
            "Home Assistant",
            self._program,
            "--config",
            self.folder,
            "--log-no-color",
            "--skip-pip",
            log=self.log,
            environment={"PATH": f"{self._program.parent}:{os.environ['PATH']}", "HA_DISABLE_LOG_FILE": "1"},
        )

    async def _is_running(self) -> bool:
        self.process.check()
        config: Json = await self.api.request("GET", "/api/config")
        return bool(config["state"] == "RUNNING")

    async def stop(self) -> None:
        """Stop as an operator would; harmless when it does not run."""
        await self._forget_api()
        if self._process:
            await self._process.stop(60)

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        await self._forget_api()
        await self.process.kill()

    async def _forget_api(self) -> None:
        if self._api:
            await self._api.close()
            self._api = None

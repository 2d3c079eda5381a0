# SPDX-License-Identifier: Apache-2.0
"""Home Assistant, gateway, Kamailio and RTPEngine together, as in a building."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from .agents import Agent
from .directory_commands import add_directory
from .gateway import Gateway
from .home_assistant import HomeAssistant
from .home_assistant_api import Json
from .kamailio import Kamailio
from .paths import CHECKOUT
from .ports import free_port
from .rtpengine import RtpEngine


@dataclass(frozen=True)
class Ports:
    """None: any free one."""

    home_assistant: int | None = None
    gateway: int | None = None
    kamailio: int | None = None
    page: int | None = None


class Installation:
    """The parts in one new folder. As a context manager it starts them and stops whatever it has started."""

    def __init__(self, folder: Path, ports: Ports = Ports()) -> None:
        data, run = folder / "data", folder / "run"
        for part in (data, run):
            part.mkdir(parents=True, mode=0o700)
        self.folder = folder
        self.rtpengine = RtpEngine(run)
        agent_address = f"127.0.0.1:{free_port()}"
        self.kamailio = Kamailio(
            data,
            run,
            port=ports.kamailio,
            settings={"RTPENGINE": self.rtpengine.address, "VOICEMAIL_ADDRESS": agent_address},
        )
        self.page_port = ports.page or free_port()
        self.gateway = Gateway(
            data,
            run,
            port=ports.gateway,
            settings={
                "rtpengine_address": self.rtpengine.address,
                "agent_address": agent_address,
                "sip_address": self.kamailio.server,
                "sip_websocket": f"127.0.0.1:{self.kamailio.websocket_port}",
                "allowed_origins": f"http://127.0.0.1:{self.page_port}",
                "greetings_folder": str(CHECKOUT / "addon" / "greetings"),
            },
        )
        self.home_assistant = HomeAssistant(folder / "home_assistant", port=ports.home_assistant)
        self._agents: dict[str, Agent] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            # The gateway makes the files that Kamailio reads.
            for part in (self.rtpengine, self.gateway, self.kamailio, self.home_assistant):
                self._stack.push_async_callback(part.stop)
                await part.start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def logs(self) -> list[Path]:
        """Of the parts, not of the devices."""
        return [self.rtpengine.log, self.gateway.log, self.kamailio.log, self.home_assistant.log]

    async def add_directory(self, name: str, realm: str) -> str:
        """Create the directory by the config flow, connected to the gateway; the entry's id."""
        gateway = {"gateway_url": self.gateway.url, "gateway_token": self.gateway.token}
        return await add_directory(self.home_assistant.api, name, realm, gateway)

    async def device(self, account: Json, *, register: bool = True, media: bool = False) -> Agent:
        """Start the device of an account and sign it in; it is stopped with the rest."""
        username, folder = account["username"], self.folder / "agents" / account["username"]
        agent = Agent(folder, username, account["password"], self.kamailio.server, media=media)
        self._stack.push_async_callback(agent.stop)
        await agent.start()
        if register:
            await agent.register()
        return agent

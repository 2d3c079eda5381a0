# SPDX-License-Identifier: Apache-2.0
"""A browser, through the gateway's WebSocket proxy, and plain SIP devices at a real Kamailio and RTPEngine."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from stack.agents import Agent
from stack.browser_panel import BrowserPanel, PanelPage
from stack.gateway import Gateway
from stack.kamailio import Kamailio
from stack.ports import free_port
from stack.rtpengine import RtpEngine

from tests.kamailio import certificates, directories
from tests.kamailio.certificates import Certificate
from tests.kamailio.conftest import folder, rtpengine
from tests.kamailio.tables import push

__all__ = ["folder", "rtpengine"]

DIRECTORY = Path(__file__).parents[1] / "kamailio" / "scenarios" / "two_phones_one_answers" / "directory.json"


class House:
    """Flat 401 with two panels, and a door station."""

    def __init__(
        self, gateway: Gateway, kamailio: Kamailio, page: PanelPage, folder: Path, stack: AsyncExitStack
    ) -> None:
        self.gateway = gateway
        self.kamailio = kamailio
        self.wss = ""
        """Kamailio's own WebSocket by TLS."""
        self._page = page
        self._folder = folder
        self._stack = stack

    async def device(self, username: str) -> Agent:
        """A plain SIP device that sends a tone and a picture."""
        password = directories.password_of(username)
        agent = Agent(self._folder / username, username, password, self.kamailio.server, media=True)
        self._stack.push_async_callback(agent.stop)
        await agent.start()
        await agent.register()
        return agent

    async def browser(self, username: str) -> BrowserPanel:
        """A browser that signs in with a session of the account."""
        panel = await self._stack.enter_async_context(BrowserPanel(self._page.origin))
        session = await self.session(username)
        await panel.sign_in(
            websocket=self.gateway.url.replace("http", "ws", 1) + session["path"],
            **{name: session[name] for name in ("aor", "username", "password")},
        )
        return panel

    async def direct_browser(self, username: str, pin: str | None) -> BrowserPanel:
        """A browser at Kamailio itself, with the account's own password; it trusts the key of this pin."""
        panel = await self._stack.enter_async_context(BrowserPanel(self._page.origin, pin))
        aor = f"sip:{username}@127.0.0.1"
        await panel.start(websocket=self.wss, aor=aor, username=username, password=directories.password_of(username))
        return panel

    async def session(self, username: str) -> dict[str, Any]:
        body = {"account_id": directories.real_id(username)}
        async with (
            aiohttp.ClientSession(headers=self.gateway.headers) as client,
            client.post(f"{self.gateway.url}/v1/sessions", json=body) as answer,
        ):
            assert answer.status == 201, await answer.text()
            session: dict[str, Any] = await answer.json()
            return session


@pytest.fixture
def certificate(folder: Path) -> Certificate:
    (folder / "run").mkdir()
    return certificates.make(folder / "run")


@pytest.fixture
async def house(folder: Path, rtpengine: RtpEngine, certificate: Certificate) -> AsyncIterator[House]:
    data, run = folder / "data", folder / "run"
    data.mkdir()
    page = PanelPage()
    wss = free_port()
    encryption: dict[str, str | int] = {
        "TLS_CONFIG": str(certificate.configuration),
        "SIP_TLS_PORT": free_port(),
        "SIP_WSS_PORT": wss,
        "WSS_ORIGINS": page.origin.replace(".", "[.]"),
    }
    kamailio = Kamailio(data, run, settings={"RTPENGINE": rtpengine.address, **encryption})
    settings: dict[str, str | int] = {
        "sip_websocket": f"127.0.0.1:{kamailio.websocket_port}",
        "sip_address": kamailio.server,
        "rtpengine_address": rtpengine.address,
        "agent_address": f"127.0.0.1:{free_port()}",
        "allowed_origins": page.origin,
    }
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(page)
        gateway = await stack.enter_async_context(Gateway(data, run, settings=settings))
        await push(gateway, directories.load(DIRECTORY))
        await stack.enter_async_context(kamailio)
        house = House(gateway, kamailio, page, folder, stack)
        house.wss = f"wss://127.0.0.1:{wss}/"
        yield house

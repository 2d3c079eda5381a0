# SPDX-License-Identifier: Apache-2.0
"""A browser and plain SIP devices at a real Kamailio and RTPEngine."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from stack.agents import Agent
from stack.browser_panel import BrowserPanel, PanelPage
from stack.kamailio import Kamailio

from tests.kamailio import directories
from tests.kamailio.conftest import Serve, folder, rtpengine, serve

__all__ = ["folder", "rtpengine", "serve"]

DIRECTORY = Path(__file__).parents[1] / "kamailio" / "scenarios" / "two_phones_one_answers" / "directory.json"


class House:
    """Flat 401 with two panels, and a door station."""

    def __init__(self, kamailio: Kamailio, folder: Path, stack: AsyncExitStack) -> None:
        self.kamailio = kamailio
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
        page = await self._stack.enter_async_context(PanelPage())
        panel = await self._stack.enter_async_context(BrowserPanel(page.origin))
        await panel.sign_in(
            websocket=f"ws://127.0.0.1:{self.kamailio.websocket_port}",
            aor=f"sip:{username}@{self.kamailio.address}",
            username=username,
            password=directories.password_of(username),
        )
        return panel


@pytest.fixture
async def house(serve: Serve, folder: Path) -> AsyncIterator[House]:
    kamailio = await serve(directories.load(DIRECTORY))
    async with AsyncExitStack() as stack:
        yield House(kamailio, folder, stack)

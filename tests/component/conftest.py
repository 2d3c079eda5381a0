# SPDX-License-Identifier: Apache-2.0
"""Home Assistant, the real core, and a gateway that speaks the API."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import ClientWebSocketResponse
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigFlowContext,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util.async_ import get_scheduled_timer_handles
import pytest

import custom_components  # noqa: F401 (ours first: the pytest plugin brings a package of that name too)

from .administrator import Administrator
from .fake_gateway import TOKEN, FakeGateway

DOMAIN = "neolia_intercom"
REALM = "home.example.org"

type AddEntry = Callable[..., Awaitable[ConfigEntry]]


@pytest.fixture(autouse=True)
def _custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant load custom_components/."""


@pytest.fixture(autouse=True)
async def _stray_heartbeats() -> AsyncIterator[None]:
    """aiohttp starts a closed WebSocket's heartbeat once more for the close frame that it receives; it ends by itself."""
    yield
    for timer in get_scheduled_timer_handles(asyncio.get_running_loop()):
        if isinstance(getattr(timer._callback, "__self__", None), ClientWebSocketResponse):
            timer.cancel()


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """A configuration folder of the test's own."""
    return str(tmp_path)


@pytest.fixture
async def gateway(socket_enabled: None) -> AsyncIterator[FakeGateway]:
    """Running, and empty."""
    fake = FakeGateway()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def add_entry(hass: HomeAssistant) -> AddEntry:
    """Add an entry the way a person does; with a gateway when one is given."""

    async def add(gateway: FakeGateway | None = None, **typed: str) -> ConfigEntry:
        flow = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
        connection = {"gateway_url": gateway.url, "gateway_token": TOKEN} if gateway else {}
        form = {"name": "Home", "realm": REALM, **connection, **typed}
        result = await hass.config_entries.flow.async_configure(flow["flow_id"], form)
        assert result["type"] is FlowResultType.CREATE_ENTRY, result
        await hass.async_block_till_done()
        return result["result"]

    return add


async def reconfigure(hass: HomeAssistant, entry: ConfigEntry) -> ConfigFlowResult:
    """Press the entry's "Reconfigure"."""
    context = ConfigFlowContext(source=SOURCE_RECONFIGURE, entry_id=entry.entry_id)
    return await hass.config_entries.flow.async_init(DOMAIN, context=context)


@pytest.fixture
async def entry(add_entry: AddEntry) -> ConfigEntry:
    """An entry without a gateway."""
    return await add_entry()


@pytest.fixture
async def connected_entry(add_entry: AddEntry, gateway: FakeGateway) -> ConfigEntry:
    """An entry with the gateway."""
    return await add_entry(gateway)


@pytest.fixture
async def administrator(hass: HomeAssistant, hass_ws_client: Any) -> Administrator:
    """Speaks the WebSocket commands; the entry comes with the first command."""
    return Administrator(hass, await hass_ws_client(hass))

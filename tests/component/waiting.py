# SPDX-License-Identifier: Apache-2.0
"""Waiting for what happens by itself, with a limit; and making time pass."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

LIMIT_SECONDS = 10


async def until(condition: Callable[[], object]) -> None:
    """Return as soon as the condition holds; fail after a limit."""
    async with asyncio.timeout(LIMIT_SECONDS):
        while not condition():
            await asyncio.sleep(0.002)


async def pass_time(hass: HomeAssistant, seconds: float) -> None:
    """Every timer due within these seconds fires."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await hass.async_block_till_done()

# SPDX-License-Identifier: Apache-2.0
"""Waiting for what happens by itself, with a limit; and making time pass."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
import time

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

LIMIT_SECONDS = 20.0
ROUND_SECONDS = 0.5
"""Time for what was set going to finish before its own time-outs fire in the next round."""


async def until(condition: Callable[[], object], seconds: float = LIMIT_SECONDS) -> None:
    """Return as soon as the condition holds; TimeoutError after a limit."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the condition did not come true")
        await asyncio.sleep(0.002)


async def sooner_or_later(hass: HomeAssistant, condition: Callable[[], object]) -> None:
    """As until(), while the clock runs fast: whatever waits for half a minute waits no longer."""
    end = time.monotonic() + LIMIT_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the condition did not come true")
        await pass_time(hass, 31)
        with suppress(TimeoutError):
            await until(condition, ROUND_SECONDS)


async def pass_time(hass: HomeAssistant, seconds: float) -> None:
    """Every timer due within these seconds fires."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await hass.async_block_till_done()

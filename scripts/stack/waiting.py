# SPDX-License-Identifier: Apache-2.0
"""Waiting for a condition with a limit, instead of sleeping for luck."""

import asyncio
from collections.abc import Awaitable, Callable
import inspect
import time
from typing import overload


@overload
async def wait_until[T](
    condition: Callable[[], Awaitable[T]],
    *,
    seconds: float = ...,
    what: str = ...,
    every: float = ...,
) -> T: ...
@overload
async def wait_until[T](
    condition: Callable[[], T], *, seconds: float = ..., what: str = ..., every: float = ...
) -> T: ...
async def wait_until(
    condition: Callable[[], object],
    *,
    seconds: float = 10.0,
    what: str = "the condition",
    every: float = 0.02,
) -> object:
    """Ask until the answer is true and return it; TimeoutError names `what` when that takes longer than `seconds`."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        value = await answer if inspect.isawaitable(answer) else answer
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come true within {seconds:g} s")
        await asyncio.sleep(every)

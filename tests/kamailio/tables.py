# SPDX-License-Identifier: Apache-2.0
"""Tables made from a snapshot by the real gateway."""

from pathlib import Path

import aiohttp
from stack.gateway import Gateway

from .directories import Snapshot


async def push(gateway: Gateway, snapshot: Snapshot | str) -> None:
    """Give the gateway a whole snapshot, whatever directory it had."""
    body = {"data": snapshot} if isinstance(snapshot, str) else {"json": snapshot}
    async with (
        aiohttp.ClientSession(headers={"Content-Type": "application/json", **gateway.headers}) as session,
        session.put(f"{gateway.url}/v1/snapshot", params={"adopt": "true"}, **body) as answer,
    ):
        assert answer.status == 200, await answer.text()


async def fill(data_folder: Path, run_folder: Path, snapshot: Snapshot) -> None:
    """Make the files of the data plane; the gateway is gone afterwards."""
    async with Gateway(data_folder, run_folder) as gateway:
        await push(gateway, snapshot)

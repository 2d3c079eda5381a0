# SPDX-License-Identifier: Apache-2.0
"""The API as a person reads it: status code and JSON."""

from typing import Any, NamedTuple

import aiohttp
from stack.gateway import Gateway

from .snapshots import Json


class Answer(NamedTuple):
    status: int
    json: Any

    @property
    def code(self) -> str:
        return str(self.json["code"])

    @property
    def paths(self) -> list[str]:
        return [field["path"] for field in self.json["fields"]]


async def ask(gateway: Gateway, method: str, path: str, headers: Json | None = None, **body: Any) -> Answer:
    """Without `headers` the token is sent."""
    chosen = gateway.headers if headers is None else headers
    async with (
        aiohttp.ClientSession(headers=chosen) as session,
        session.request(method, gateway.url + path, ssl=False, **body) as answer,
    ):
        return Answer(answer.status, await answer.json() if answer.status != 204 else None)


async def put(gateway: Gateway, snapshot: Json, *, adopt: bool = False) -> Answer:
    return await ask(gateway, "PUT", "/v1/snapshot" + ("?adopt=true" if adopt else ""), json=snapshot)


async def patch(gateway: Gateway, changes: Json) -> Answer:
    return await ask(gateway, "PATCH", "/v1/snapshot", json=changes)

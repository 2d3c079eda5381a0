# SPDX-License-Identifier: Apache-2.0
"""The TURN credentials of a session, at a real TURN server."""

from base64 import b64encode
from collections.abc import AsyncIterator
import hmac
from pathlib import Path

import pytest
from stack.coturn import Coturn
from stack.gateway import Gateway

from .client import put
from .conftest import StartGateway
from .sessions import create
from .snapshots import whole

SECRET = "a-secret-that-both-know"


@pytest.fixture
async def coturn(folder: Path) -> AsyncIterator[Coturn]:
    async with Coturn(folder, SECRET) as started:
        yield started


@pytest.fixture
async def gateway(start_gateway: StartGateway, coturn: Coturn) -> Gateway:
    gateway = await start_gateway(turn_urls=coturn.url, turn_secret_file=str(coturn.secret_file))
    await put(gateway, whole(1))
    return gateway


async def test_credentials_of_a_session_get_a_relay(gateway: Gateway, coturn: Coturn, folder: Path) -> None:
    turn = (await create(gateway))["turn"]
    assert turn["urls"] == [coturn.url]
    assert await coturn.allocates(turn["username"], turn["credential"], folder / "client.log")


async def test_expired_and_changed_credentials_get_none(gateway: Gateway, coturn: Coturn, folder: Path) -> None:
    turn = (await create(gateway))["turn"]
    until, _, account = turn["username"].partition(":")
    assert not await coturn.allocates(turn["username"], "x" + turn["credential"][1:], folder / "1.log")
    longer = f"{int(until) + 3600}:{account}"
    assert not await coturn.allocates(longer, turn["credential"], folder / "2.log")
    assert not await coturn.allocates(*expired_of(account), folder / "3.log")


def expired_of(account: str) -> tuple[str, str]:
    """What the gateway would have handed out long ago: the same way from the same secret."""
    username = f"1700000000:{account}"
    digest = hmac.digest(SECRET.encode(), username.encode(), "sha1")
    return username, b64encode(digest).decode()

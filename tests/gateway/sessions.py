# SPDX-License-Identifier: Apache-2.0
"""Sessions as a browser uses them."""

from contextlib import closing
from pathlib import Path
import sqlite3
from typing import Any

from stack.gateway import Gateway

from tests.kamailio.sip_client import Reply, SipClient

from .client import ask
from .snapshots import object_id

PANEL = object_id(4, 1)


async def create(gateway: Gateway, account_id: str = PANEL, **fields: Any) -> dict[str, Any]:
    answer = await ask(gateway, "POST", "/v1/sessions", json={"account_id": account_id, **fields})
    assert answer.status == 201, answer
    session: dict[str, Any] = answer.json
    return session


def expire(data_folder: Path, session: dict[str, Any]) -> None:
    """Let the time of a session be over."""
    with closing(sqlite3.connect(data_folder / "sip.sqlite", timeout=5)) as database, database:
        changed = database.execute(
            "UPDATE session SET expires = unixepoch() WHERE username = ?", (session["username"],)
        ).rowcount
    assert changed == 1


class SessionClient(SipClient):
    """A SIP client that authenticates with a session and speaks as `account`."""

    def __init__(self, server: str, session: dict[str, Any], account: str = "panel-1") -> None:
        super().__init__(server, session["username"], session["password"])
        self.account = account

    async def register(self, *headers: str) -> Reply:
        return await self.request("REGISTER", None, *headers, from_user=self.account)

    def _to(self, method: str) -> str | None:
        return f"sip:{self.account}@{self._server[0]}" if method == "REGISTER" else None

# SPDX-License-Identifier: Apache-2.0
"""Sessions as a browser uses them."""

from contextlib import closing
from pathlib import Path
import sqlite3
from typing import Any

from stack.gateway import Gateway
from stack.kamailio import Kamailio

from tests.kamailio.sip_client import SipClient

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


def client(kamailio: Kamailio, session: dict[str, Any], account: str = "panel-1") -> SipClient:
    """Return a SIP client that signs in with a session, to speak as `account`."""
    return SipClient(kamailio.server, session["username"], session["password"], account=account)

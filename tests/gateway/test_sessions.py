# SPDX-License-Identifier: Apache-2.0
"""Sessions: credentials of a browser, for one account and a short time."""

import base64
from datetime import UTC, datetime
import hashlib
import hmac
from pathlib import Path
from typing import Any

import pytest
from stack.gateway import Gateway
from stack.kamailio import Kamailio, RpcError
from stack.waiting import wait_until

from .client import ask, patch, put
from .conftest import StartGateway
from .sessions import PANEL, client, create, expire
from .snapshots import DOOR, changes, object_id, panel, whole


async def contacts(kamailio: Kamailio, username: str = "panel-1") -> int:
    try:
        return len((await kamailio.rpc("ul.lookup", "location", username))["Contacts"])
    except RpcError:
        return 0


async def register(kamailio: Kamailio, session: dict[str, Any], account: str = "panel-1") -> int:
    with client(kamailio, session, account) as device:
        return (await device.register()).code


async def listed(gateway: Gateway) -> list[dict[str, Any]]:
    sessions: list[dict[str, Any]] = (await ask(gateway, "GET", "/v1/sessions")).json["sessions"]
    return sessions


async def test_made_listed_renewed_revoked(gateway: Gateway) -> None:
    await put(gateway, whole(1))
    session = await create(gateway, seconds=60)
    assert session["account_id"] == PANEL
    assert session["aor"] == "sip:panel-1@home.example"
    assert session["realm"] == "home.example"
    assert session["turn"] is None
    left = datetime.fromisoformat(session["expires_at"]) - datetime.now(UTC)
    assert 50 < left.total_seconds() <= 60
    (entry,) = await listed(gateway)
    assert entry == {key: session[key] for key in ("session_id", "account_id", "expires_at")} | {"registered": False}

    path = f"/v1/sessions/{session['session_id']}"
    renewed = await ask(gateway, "PATCH", path, json={"seconds": 3600})
    assert renewed.status == 200
    assert renewed.json["expires_at"] > session["expires_at"]
    assert set(session) - set(renewed.json) == {"password", "path"}
    assert (await ask(gateway, "DELETE", path)).status == 204
    assert await listed(gateway) == []
    assert (await ask(gateway, "DELETE", path)).status == 404
    assert (await ask(gateway, "PATCH", path, json={"seconds": 60})).status == 404


async def test_secrets_are_told_once(gateway: Gateway, folder: Path) -> None:
    await put(gateway, whole(1))
    session = await create(gateway)
    token = session["path"].partition("session=")[2]
    await ask(gateway, "DELETE", f"/v1/sessions/{session['session_id']}")
    others = [
        (await ask(gateway, "GET", "/v1/sessions")).json,
        (await ask(gateway, "GET", "/v1/status")).json,
        gateway.log.read_text(),
        *(file.read_bytes().decode(errors="replace") for file in (folder / "data").glob("*.sqlite*")),
    ]
    for text in map(str, others):
        assert session["password"] not in text
        assert token not in text


@pytest.mark.parametrize(
    ("body", "status", "code", "paths"),
    [
        ({}, 400, "invalid", ["account_id"]),
        ({"account_id": 5}, 400, "invalid", ["account_id"]),
        ({"account_id": PANEL, "seconds": 59}, 400, "invalid", ["seconds"]),
        ({"account_id": PANEL, "seconds": 3601}, 400, "invalid", ["seconds"]),
        ({"account_id": PANEL, "seconds": 2**64}, 400, "invalid", ["seconds"]),
        ({"account_id": PANEL, "seconds": 60.5}, 400, "invalid", ["seconds"]),
        ({"account_id": PANEL, "test": True}, 400, "invalid", ["test"]),
        ({"account_id": DOOR}, 400, "invalid", ["account_id"]),
        ([], 400, "invalid", ["", "account_id"]),
        ({"account_id": object_id(4, 77)}, 404, "not_found", []),
        ({"account_id": object_id(4, 2)}, 409, "account_disabled", []),
    ],
)
async def test_what_is_no_session_is_refused(
    gateway: Gateway, body: Any, status: int, code: str, paths: list[str]
) -> None:
    snapshot = whole(1)
    snapshot["accounts"][1]["enabled"] = False
    await put(gateway, snapshot)
    answer = await ask(gateway, "POST", "/v1/sessions", json=body)
    assert (answer.status, answer.code, answer.paths) == (status, code, paths)


async def test_an_account_has_eight(gateway: Gateway) -> None:
    await put(gateway, whole(1))
    for _ in range(8):
        await create(gateway)
    answer = await ask(gateway, "POST", "/v1/sessions", json={"account_id": PANEL})
    assert (answer.status, answer.code) == (409, "too_many_sessions")
    await create(gateway, object_id(4, 2))


@pytest.mark.parametrize(
    "change",
    [
        {"removed_accounts": [PANEL]},
        {"accounts": [panel(1, enabled=False)]},
        {"accounts": [panel(1, "another password")]},
    ],
    ids=["removed", "disabled", "re-keyed"],
)
async def test_goes_with_its_account(gateway: Gateway, kamailio: Kamailio, change: dict[str, Any]) -> None:
    await put(gateway, whole(1))
    session = await create(gateway)
    kept = await create(gateway, object_id(4, 2))
    assert await register(kamailio, session) == 200
    assert (await patch(gateway, changes(1, 2, **change))).json["live"]
    assert [entry["session_id"] for entry in await listed(gateway)] == [kept["session_id"]]
    assert await contacts(kamailio) == 0
    assert await register(kamailio, session) == 401
    assert await register(kamailio, kept, "panel-2") == 200


async def test_turn_credentials_last_as_long_as_the_session(start_gateway: StartGateway, folder: Path) -> None:
    secret = folder / "turn.secret"
    secret.touch(mode=0o600)
    secret.write_text("a secret of the TURN server\n")
    gateway = await start_gateway(turn_urls="turn:t.example turns:t.example:443", turn_secret_file=str(secret))
    await put(gateway, whole(1))
    session = await create(gateway)
    turn = session["turn"]
    assert turn["urls"] == ["turn:t.example", "turns:t.example:443"]
    assert turn["expires_at"] == session["expires_at"]
    expires = int(datetime.fromisoformat(session["expires_at"]).timestamp())
    assert turn["username"] == f"{expires}:panel-1"
    proof = hmac.new(b"a secret of the TURN server", turn["username"].encode(), hashlib.sha1).digest()
    assert turn["credential"] == base64.b64encode(proof).decode()


async def test_signs_in_as_its_account_and_as_nobody_else(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(1))
    session = await create(gateway)
    assert await register(kamailio, session) == 200
    (registration,) = (await ask(gateway, "GET", f"/v1/registrations?account_id={PANEL}")).json["registrations"]
    assert registration["username"] == "panel-1"

    async def registered() -> bool:
        return [entry["registered"] for entry in await listed(gateway)] == [True]

    await wait_until(registered, what="the registration in the list of sessions")
    assert await register(kamailio, session, "panel-2") == 403
    assert await register(kamailio, session, "door") == 403
    with client(kamailio, session) as device:
        assert (await device.request("INVITE", "1", from_user="door")).code == 403
    assert await contacts(kamailio, "panel-2") == 0
    wrong = session | {"password": (await create(gateway))["password"]}
    assert await register(kamailio, wrong) == 401


async def test_revoked_it_is_gone_when_answered(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(1))
    session, other = await create(gateway), await create(gateway)
    assert await register(kamailio, session) == 200
    assert await register(kamailio, other) == 200

    async def known() -> bool:
        return all(entry["registered"] for entry in await listed(gateway))

    await wait_until(known, what="both registrations in the list of sessions")
    assert (await ask(gateway, "DELETE", f"/v1/sessions/{session['session_id']}")).status == 204
    assert await contacts(kamailio) == 1
    assert await register(kamailio, session) == 401
    assert await register(kamailio, other) == 200


async def test_expired_it_is_gone_by_itself(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(1))
    session = await create(gateway)
    assert await register(kamailio, session) == 200
    expire(gateway.data_folder, session)
    assert await register(kamailio, session) == 401

    async def gone() -> bool:
        return await contacts(kamailio) == 0

    await wait_until(gone, what="the contact's end")
    assert await listed(gateway) == []


async def test_a_dropped_contact_stays_away_after_a_crash(gateway: Gateway, kamailio: Kamailio, folder: Path) -> None:
    await put(gateway, whole(1))
    session = await create(gateway)
    assert await register(kamailio, session) == 200

    def saved() -> bool:
        return b"panel-1" in (folder / "data" / "location.sqlite-wal").read_bytes()

    async def known() -> bool:
        return all(entry["registered"] for entry in await listed(gateway))

    await wait_until(saved, seconds=20, what="Kamailio's save")
    await wait_until(known, what="the registration in the list of sessions")
    assert (await ask(gateway, "DELETE", f"/v1/sessions/{session['session_id']}")).status == 204
    await kamailio.kill()
    await kamailio.start()

    async def live_and_gone() -> bool:
        return (await gateway.status())["live"] and await contacts(kamailio) == 0

    await wait_until(live_and_gone, seconds=20, what="the contact's end")

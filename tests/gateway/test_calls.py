# SPDX-License-Identifier: Apache-2.0
"""The calls that go on: told by rows in Kamailio's place, and ended in the real Kamailio."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from stack.gateway import Gateway
from stack.kamailio import Kamailio
from stack.waiting import wait_until

from tests.kamailio.sip_client import SipClient, reply_to

from . import outbox
from .client import ask, patch, put
from .conftest import StartGateway
from .sessions import client, create, expire
from .snapshots import DOOR, changes, object_id, panel, whole
from .test_events import logged

PANEL = object_id(4, 1)


async def calls(gateway: Gateway) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = (await ask(gateway, "GET", "/v1/calls")).json["calls"]
    return listed


def incoming(number: int, folder: Path, **fields: Any) -> str:
    keys = outbox.keys(folder / "data")
    steps = {"steps": f"{keys[object_id(5)]}~r,30,s,panel-1", "dialled_hex": b"1".hex(), "sip_call_id_hex": b"x".hex()}
    return outbox.row(number, type="incoming", caller=keys[DOOR], unit=keys[object_id(3, 1)], cseq=1, **steps, **fields)


async def test_listed_from_the_first_to_the_last_event(gateway: Gateway, folder: Path) -> None:
    await put(gateway, whole(1))
    outbox.add(
        folder / "data",
        incoming(1, folder, at=1_700_000_000_000_002),
        incoming(2, folder, at=1_700_000_000_000_001, test=1),
    )
    await logged(gateway, 2)
    second, first = await calls(gateway)
    assert (second["call_id"], second["test"]) == ("call-2", True)
    assert first == {
        "call_id": "call-1",
        "at": "2023-11-14T22:13:20.000002Z",
        "state": "ringing",
        "caller": {"account_id": DOOR, "username": "door", "kind": "door", "name": "door"},
        "dialled": "1",
        "unit_id": object_id(3, 1),
        "account_id": None,
        "by": None,
        "test": False,
    }
    outbox.add(folder / "data", outbox.row(1, type="answered", by="panel-1", dialog="1:2", step=0))
    await logged(gateway, 3)
    answered = (await calls(gateway))[1]
    assert (answered["state"], answered["by"]) == ("answered", "panel-1")
    outbox.add(folder / "data", outbox.row(1), outbox.row(2, type="missed", reason="cancelled"))
    await logged(gateway, 5)
    assert await calls(gateway) == []


async def test_a_restart_forgets_no_call(gateway: Gateway, start_gateway: StartGateway, folder: Path) -> None:
    await put(gateway, whole(1))
    outbox.add(folder / "data", incoming(1, folder), incoming(2, folder), outbox.row(2))
    await logged(gateway, 3)
    before = await calls(gateway)
    await gateway.kill()
    assert await calls(await start_gateway()) == before


async def test_what_cannot_be_ended(gateway: Gateway, folder: Path) -> None:
    await put(gateway, whole(1))
    assert (await ask(gateway, "DELETE", "/v1/calls/nothing")).status == 404
    assert (await ask(gateway, "DELETE", "/v1/calls")).paths == ["account_id"]
    assert (await ask(gateway, "DELETE", "/v1/calls?account_id=" + object_id(4, 77))).status == 404
    assert (await ask(gateway, "DELETE", "/v1/calls?account_id=" + DOOR)).json == {"ended": 0}
    outbox.add(folder / "data", incoming(1, folder))
    await logged(gateway, 1)
    assert (await ask(gateway, "DELETE", "/v1/calls/call-1?reason=revoked")).paths == ["reason"]
    assert (await ask(gateway, "DELETE", "/v1/calls/call-1")).status == 503, "Kamailio is away"
    assert (await ask(gateway, "DELETE", "/v1/calls?account_id=" + DOOR)).status == 503


class Visit:
    """A caller and a device that he rings, on the real Kamailio."""

    _invite: str

    def __init__(self, gateway: Gateway, kamailio: Kamailio, caller: SipClient, device: SipClient) -> None:
        self.gateway = gateway
        self.kamailio = kamailio
        self.caller = caller
        self.device = device

    async def ring(self, number: str = "1") -> dict[str, Any]:
        """Return the call as the API tells it."""
        await self.caller.call(number)
        self._invite = await self.device.receive_any("INVITE ")
        await self.device.send(reply_to(self._invite, "180 Ringing"))
        return await self._listed("ringing")

    async def talk(self, number: str = "1") -> dict[str, Any]:
        await self.ring(number)
        contact = f"Contact: <sip:{self.device.username}@127.0.0.1:{self.device.port}>\r\n"
        await self.device.send(reply_to(self._invite, "200 OK", contact))
        assert (await self.caller.receive()).code == 200
        return await self._listed("answered")

    async def hang_up(self) -> None:
        """Wait until both are told that it is over, and agree."""
        for end in (self.caller, self.device):
            await end.send(reply_to(await end.receive_any("BYE "), "200 OK"))

    async def last_event(self) -> dict[str, Any]:
        """Wait until no call goes on and return the newest event."""

        async def over() -> bool:
            return not await calls(self.gateway)

        await wait_until(over, what="the call's last event")
        return outbox.logged(self.gateway.data_folder)[-1]

    async def _listed(self, state: str) -> dict[str, Any]:
        async def reached() -> Any:
            return next((call for call in await calls(self.gateway) if call["state"] == state), None)

        call: dict[str, Any] = await wait_until(reached, what=f"a call that is {state}")
        return call


@pytest.fixture
async def visit(gateway: Gateway, kamailio: Kamailio) -> AsyncIterator[Visit]:
    """The door and the panel of unit 1."""
    await put(gateway, whole(1))
    with SipClient(kamailio.server, "door") as door, SipClient(kamailio.server, "panel-1") as device:
        assert (await device.register()).code == 200
        yield Visit(gateway, kamailio, door, device)


@pytest.mark.parametrize("reason", ["stopped", "door_opened"])
async def test_a_ringing_call_is_ended(visit: Visit, reason: str) -> None:
    call = await visit.ring()
    assert (await ask(visit.gateway, "DELETE", f"/v1/calls/{call['call_id']}?reason={reason}")).status == 204
    assert (await visit.caller.receive()).code == 480
    assert await visit.device.receive_any("CANCEL ")
    event = await visit.last_event()
    assert (event["type"], event["reason"], event["code"]) == ("missed", reason, 480)


async def test_an_answered_call_is_ended(visit: Visit) -> None:
    call = await visit.talk()
    ending = asyncio.create_task(ask(visit.gateway, "DELETE", f"/v1/calls/{call['call_id']}"))
    await visit.hang_up()
    assert (await ending).status == 204
    event = await visit.last_event()
    assert (event["type"], event["reason"]) == ("ended", "stopped")


async def test_an_accounts_calls_are_ended(visit: Visit) -> None:
    await visit.ring()
    assert (await ask(visit.gateway, "DELETE", f"/v1/calls?account_id={object_id(4, 2)}")).json == {"ended": 0}
    assert (await ask(visit.gateway, "DELETE", f"/v1/calls?account_id={PANEL}")).json == {"ended": 1}
    assert (await visit.caller.receive()).code == 480


@pytest.mark.parametrize(
    "change",
    [
        {"removed_accounts": [PANEL]},
        {"accounts": [panel(1, enabled=False)]},
        {"accounts": [panel(1, "another password")]},
    ],
    ids=["removed", "disabled", "re-keyed"],
)
async def test_calls_end_with_the_account(visit: Visit, change: dict[str, Any]) -> None:
    await visit.talk()
    pushing = asyncio.create_task(patch(visit.gateway, changes(1, 2, **change)))
    await visit.hang_up()
    assert (await pushing).json["live"]
    event = await visit.last_event()
    assert (event["type"], event["reason"]) == ("ended", "revoked")


async def test_the_account_that_rings_alone_rings_no_more(visit: Visit) -> None:
    await visit.ring()
    assert (await patch(visit.gateway, changes(1, 2, accounts=[panel(1, enabled=False)]))).json["live"]
    assert (await visit.caller.receive()).code == 480
    assert (await visit.last_event())["reason"] == "revoked"


async def test_calls_end_with_their_session(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(1))
    session = await create(gateway)
    with client(kamailio, session) as browser, SipClient(kamailio.server, "door") as door:
        assert (await door.register()).code == 200
        visit = Visit(gateway, kamailio, browser, door)
        assert (await visit.talk("door"))["caller"]["username"] == "panel-1"
        revoking = asyncio.create_task(ask(gateway, "DELETE", f"/v1/sessions/{session['session_id']}"))
        await visit.hang_up()
        assert (await revoking).status == 204
        event = await visit.last_event()
        assert (event["type"], event["reason"]) == ("ended", "revoked")


async def test_calls_answered_by_an_expired_session_end(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(1))
    session = await create(gateway)
    with SipClient(kamailio.server, "door") as door, client(kamailio, session) as browser:
        assert (await browser.register()).code == 200
        visit = Visit(gateway, kamailio, door, browser)
        await visit.talk()
        expire(gateway.data_folder, session)
        await visit.hang_up()
        assert (await visit.last_event())["reason"] == "revoked"


async def test_a_call_that_kamailio_forgot_has_ended(visit: Visit) -> None:
    await visit.talk()
    await visit.kamailio.kill()
    await visit.kamailio.start()
    event = await visit.last_event()
    assert (event["type"], event["reason"], event["code"]) == ("ended", "media_lost", None)

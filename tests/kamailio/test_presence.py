# SPDX-License-Identifier: Apache-2.0
"""Contacts that come and go are told, once each; a refresh is no news."""

import asyncio
from pathlib import Path
import sqlite3

import pytest
from stack.kamailio import Kamailio
from stack.waiting import wait_until

from . import directories, outbox
from .conftest import Serve
from .sip_client import Reply, SipClient

HOME = Path(__file__).parent / "scenarios" / "registered_and_rung" / "directory.json"


@pytest.fixture
async def kamailio(serve: Serve) -> Kamailio:
    return await serve(directories.load(HOME), LOCATION_SAVE_SECONDS=1)


async def rows(kamailio: Kamailio, count: int) -> list[outbox.Event]:
    """Return all of them; time is given for one more, which must not come."""
    await wait_until(lambda: len(outbox.presence(kamailio.data_folder)) >= count, what=f"{count} rows")
    await asyncio.sleep(1.3)  # usrloc has looked at its contacts
    found = outbox.presence(kamailio.data_folder)
    assert len(found) == count, "\n".join(map(str, found))
    assert all(row["at"] > 1_700_000_000_000_000 for row in found)
    return found


def story(row: outbox.Event) -> tuple[str, str, int]:
    return row["type"], row["username"], row["left"]


async def test_a_device_comes_refreshes_and_goes(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel:
        for _ in range(3):
            assert (await panel.register()).code == 200
        assert (await panel.register("Expires: 0")).code == 200
    came, went = await rows(kamailio, 2)
    assert story(came) == ("registered", "panel-1", 1)
    assert story(went) == ("unregistered", "panel-1", 0)
    assert came["device"] == went["device"]
    assert "session" not in came


async def test_all_at_once(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel:
        for port in (20001, 20002):
            assert (await panel.register(f"Contact: <sip:panel-1@127.0.0.1:{port}>")).code == 200
        assert (await panel.register("Contact: *", "Expires: 0")).code == 200
    found = await rows(kamailio, 4)
    assert [story(row) for row in found] == [
        ("registered", "panel-1", 1),
        ("registered", "panel-1", 2),
        ("unregistered", "panel-1", 0),
        ("unregistered", "panel-1", 0),
    ]
    assert {row["device"] for row in found[:2]} == {row["device"] for row in found[2:]}


async def test_the_oldest_that_makes_room(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel:
        for number in range(11):
            assert (await panel.register(f"Contact: <sip:panel-1@127.0.0.1:{20000 + number}>")).code == 200
            await asyncio.sleep(1.01 if number == 0 else 0)  # their age is kept in whole seconds
    found = await rows(kamailio, 12)
    assert [row["type"] for row in found] == ["registered"] * 10 + ["unregistered", "registered"]
    assert found[10]["device"] == found[0]["device"]
    assert [row["left"] for row in found[10:]] == [10, 10]


async def test_a_lost_connection(kamailio: Kamailio) -> None:
    await connect_and_register(kamailio, "x")
    came, went = await rows(kamailio, 2)
    assert story(came) == ("registered", "panel-1", 1)
    assert story(went) == ("unregistered", "panel-1", 0)


async def connect_and_register(kamailio: Kamailio, call_id: str) -> None:
    reader, writer = await asyncio.open_connection(kamailio.address, kamailio.port)
    with SipClient(kamailio.server, "panel-1") as panel:
        contact = f"Contact: <sip:panel-1@127.0.0.1:{panel.port};transport=tcp>"

        async def exchange(*headers: str, cseq: int) -> Reply:
            packet = panel.message(
                "REGISTER", None, contact, *headers, cseq=cseq, call_id=call_id, to="sip:panel-1@127.0.0.1"
            )
            writer.write(packet.replace("SIP/2.0/UDP", "SIP/2.0/TCP").encode())
            return Reply((await reader.readuntil(b"\r\n\r\n")).decode())

        challenge = (await exchange(cseq=1)).challenge()
        assert (await exchange(panel.credentials("REGISTER", challenge), cseq=2)).code == 200
    writer.close()


async def test_a_session_is_named(kamailio: Kamailio) -> None:
    username = "panel-1+one"
    sign_in(kamailio, username, "secret")
    with SipClient(kamailio.server, username, "secret") as browser:
        for expires in (600, 0):
            challenge = await browser.challenge("REGISTER", None)
            packet = browser.message(
                "REGISTER",
                None,
                browser.credentials("REGISTER", challenge),
                f"Expires: {expires}",
                cseq=2,
                from_user="panel-1",
                to="sip:panel-1@127.0.0.1",
            )
            assert (await browser.exchange(packet)).code == 200
    for row in await rows(kamailio, 2):
        assert (row["username"], row["session"]) == ("panel-1", username)


async def test_a_session_that_calls_is_named(kamailio: Kamailio) -> None:
    sign_in(kamailio, "door-1+test", "secret", test=1)
    with SipClient(kamailio.server, "door-1+test", "secret") as agent:
        reply = await agent.request("INVITE", "999", from_user="door-1")
        assert reply.code == 404
    await wait_until(lambda: outbox.read(kamailio.data_folder), what="the event")
    (denied,) = outbox.read(kamailio.data_folder)
    assert (denied["caller"], denied["session"], denied["test"]) == ("door-1", "door-1+test", 1)


def sign_in(kamailio: Kamailio, username: str, password: str, test: int = 0) -> None:
    """Write the row that the gateway writes for a session."""
    ha1_md5, ha1_sha256 = directories.digests(username, "home.example", password)
    with sqlite3.connect(kamailio.data_folder / "sip.sqlite") as database:
        database.execute(
            "INSERT INTO session VALUES (?, ?, ?, ?, CAST(strftime('%s', 'now') AS INTEGER) + 600, ?)",
            (username, ha1_md5, ha1_sha256, username.split("+")[0], test),
        )


async def test_a_device_that_the_gateway_drops(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "panel-1") as other:
        assert (await panel.register()).code == 200
        assert (await other.register()).code == 200
        contacts = (await kamailio.rpc("ul.lookup", "location", "panel-1"))["Contacts"]
        await kamailio.rpc("ul.rm", "location", "panel-1")
        for contact in contacts:
            await kamailio.rpc("htable.sets", "dropped", contact["Contact"]["Ruid"], "panel-1")
    found = await rows(kamailio, 4)
    assert [row["type"] for row in found] == ["registered"] * 2 + ["unregistered"] * 2
    assert {row["device"] for row in found[:2]} == {row["device"] for row in found[2:]}
    assert [row["left"] for row in found[2:]][-1] == 0

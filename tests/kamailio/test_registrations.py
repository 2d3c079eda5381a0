# SPDX-License-Identifier: Apache-2.0
"""Where devices are: bounded, and still known after a crash."""

import asyncio
from contextlib import closing
from pathlib import Path
import sqlite3

import pytest
from stack.kamailio import Kamailio, RpcError
from stack.waiting import wait_until

from . import directories
from .conftest import Serve
from .sip_client import Reply, SipClient

HOME = Path(__file__).parent / "scenarios" / "registered_and_rung" / "directory.json"


@pytest.fixture
async def kamailio(serve: Serve) -> Kamailio:
    return await serve(directories.load(HOME))


def saved(kamailio: Kamailio) -> int:
    with closing(sqlite3.connect(f"file:{kamailio.data_folder}/location.sqlite?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT count(*) FROM location").fetchone()[0])


async def contacts(kamailio: Kamailio, username: str) -> list[dict[str, object]]:
    try:
        record = await kamailio.rpc("ul.lookup", "location", username)
    except RpcError:
        return []
    return [contact["Contact"] for contact in record["Contacts"]]


async def test_a_crash_keeps_the_registrations_that_were_saved(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "door-1") as door:
        assert (await panel.register()).code == 200
        await wait_until(lambda: saved(kamailio) == 1, what="the registration on disk")
        await kamailio.kill()
        await kamailio.start()
        await wait_until(lambda: contacts(kamailio, "panel-1"), what="the registration read back")

        await door.call("401")
        assert (await panel.next_request()).startswith("INVITE ")


async def test_an_orderly_stop_keeps_every_registration(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel:
        assert (await panel.register()).code == 200
        await kamailio.stop()
        assert saved(kamailio) == 1
        await kamailio.start()
        await wait_until(lambda: contacts(kamailio, "panel-1"), what="the registration read back")


@pytest.mark.parametrize(("asked", "given"), [(1, 60), (600, 600), (1_000_000, 3600), (0, None)])
async def test_how_long_a_registration_lasts(kamailio: Kamailio, asked: int, given: int | None) -> None:
    with SipClient(kamailio.server, "panel-1") as panel:
        assert (await panel.register()).code == 200
        reply = await panel.register(f"Expires: {asked}")
    assert reply.code == 200
    if given is None:
        assert await contacts(kamailio, "panel-1") == []
    else:
        assert f"expires={given}" in reply.header("Contact")


async def test_the_eleventh_contact_of_an_account_takes_the_place_of_the_oldest(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel:
        for number in range(12):
            reply = await panel.register(f"Contact: <sip:panel-1@127.0.0.1:{20000 + number}>")
            assert reply.code == 200
            await asyncio.sleep(1.01 if number < 2 else 0)  # their age is kept in whole seconds
    ports = sorted(int(str(contact["Address"]).rsplit(":", 1)[1]) for contact in await contacts(kamailio, "panel-1"))
    assert ports == list(range(20002, 20012))


async def test_a_registration_that_is_no_contact_is_refused_once(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel:
        reply = await panel.register("Contact: <nonsense")
        assert reply.code == 400
        assert await panel.hears_nothing()


async def test_a_device_behind_nat_is_called_where_its_packets_come_from(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "door-1") as door:
        behind = "Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKnat{};rport"
        contact = "Contact: <sip:panel-1@192.0.2.7:5060>"
        challenge = (await panel.exchange(panel.message("REGISTER", None, behind.format(1)))).challenge()
        proof = panel.credentials("REGISTER", challenge)
        packet = panel.message("REGISTER", None, proof, behind.format(2), contact, cseq=2, to="sip:panel-1@127.0.0.1")
        assert (await panel.exchange(packet)).code == 200

        await door.call("401")
        assert (await panel.next_request()).startswith("INVITE sip:panel-1@192.0.2.7:5060")


async def test_a_device_on_tcp_is_called_on_its_connection_and_gone_with_it(kamailio: Kamailio) -> None:
    reader, writer = await asyncio.open_connection(kamailio.address, kamailio.port)
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "door-1") as door:
        panel.port = writer.get_extra_info("sockname")[1]
        contact = f"Contact: <sip:panel-1@127.0.0.1:{panel.port};transport=tcp>"

        async def exchange(*headers: str, cseq: int) -> Reply:
            message = panel.message("REGISTER", None, contact, *headers, cseq=cseq, to="sip:panel-1@127.0.0.1")
            writer.write(message.replace("SIP/2.0/UDP", "SIP/2.0/TCP").encode())
            return Reply((await reader.readuntil(b"\r\n\r\n")).decode())

        challenge = (await exchange(cseq=1)).challenge()
        assert (await exchange(panel.credentials("REGISTER", challenge), cseq=2)).code == 200

        await door.call("401")
        async with asyncio.timeout(3):
            assert (await reader.readline()).startswith(b"INVITE sip:panel-1@127.0.0.1")

        writer.close()

        async def is_gone() -> bool:
            return not await contacts(kamailio, "panel-1")

        await wait_until(is_gone, what="the end of the registration")

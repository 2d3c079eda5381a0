# SPDX-License-Identifier: Apache-2.0
"""What the scenarios of joining cannot show: times, several calls, connections that were lost, and how many devices ring."""

import asyncio
from contextlib import ExitStack, suppress
from pathlib import Path
import re
import time

import pytest
from stack.kamailio import Kamailio
from stack.waiting import wait_until

from . import directories, outbox
from .conftest import Serve
from .sip_client import Reply, SipClient, ack_of, cancel_of, field, reply_to

SCENARIOS = Path(__file__).parent / "scenarios"
ONE_PANEL = SCENARIOS / "joins_when_nobody_was_there" / "directory.json"
FIVE_SECONDS = SCENARIOS / "not_registered" / "directory.json"
RING_TOLERANCE = 0.5
BRANCHES = 30


async def hang_up(door: SipClient, invite: str) -> None:
    await door.send(cancel_of(invite))
    await door.send(ack_of(invite, await door.receive_any("SIP/2.0 487 ")))


async def test_who_joins_late_rings_no_longer_than_the_step(serve: Serve) -> None:
    kamailio = await serve(directories.load(FIVE_SECONDS))
    with SipClient(kamailio.server, "door-1") as door, SipClient(kamailio.server, "panel-1") as panel:
        await door.call("401")
        await door.receive_any("SIP/2.0 180 ")
        began = time.monotonic()
        await asyncio.sleep(2)  # the time itself is what is looked at
        await panel.register()
        invite = await panel.next_request()
        await panel.send(reply_to(invite, "180 Ringing"))
        cancel = await panel.receive_any("CANCEL ", seconds=5)
        assert abs(time.monotonic() - began - 5) <= RING_TOLERANCE
        await panel.send(reply_to(cancel, "200 OK"))
        await panel.send(reply_to(invite, "487 Request Terminated"))
        await door.receive_any("SIP/2.0 408 ")
    assert kamailio.complaints() == []


async def test_a_refresh_does_not_ring_again(serve: Serve) -> None:
    kamailio = await serve(directories.load(ONE_PANEL))
    with SipClient(kamailio.server, "door-1") as door, SipClient(kamailio.server, "panel-1") as panel:
        assert (await panel.register()).code == 200
        invite = await door.call("401")
        rung = await panel.next_request()
        await panel.send(reply_to(rung, "180 Ringing"))
        await door.receive_any("SIP/2.0 180 ")
        assert (await panel.register()).code == 200
        assert await panel.hears_nothing()
        await door.send(cancel_of(invite))
        await panel.send(reply_to(await panel.receive_any("CANCEL "), "200 OK"))
        await panel.send(reply_to(rung, "487 Request Terminated"))
        await door.receive_any("SIP/2.0 487 ")
    assert kamailio.complaints() == []


async def test_a_device_that_was_just_told_200_is_rung_once(serve: Serve) -> None:
    """Its REGISTER may still be looking for calls to join when a call has found it."""
    kamailio = await serve(directories.load(ONE_PANEL))
    with ExitStack() as clients:
        for _ in range(40):
            door = clients.enter_context(SipClient(kamailio.server, "door-1"))
            panel = clients.enter_context(SipClient(kamailio.server, "panel-1"))
            invite = await door.proven("INVITE", "401")
            assert (await panel.register()).code == 200
            await door.send(invite)
            assert (await panel.next_request()).startswith("INVITE ")
            await hang_up(door, invite)
    assert kamailio.complaints() == []


async def test_a_device_joins_every_call_that_rings_it(serve: Serve) -> None:
    kamailio = await serve(directories.load(ONE_PANEL))
    with (
        SipClient(kamailio.server, "door-1") as door,
        SipClient(kamailio.server, "door-1") as same_door,
        SipClient(kamailio.server, "panel-1") as panel,
    ):
        invites = [await caller.call("401") for caller in (door, same_door)]
        for caller in (door, same_door):
            await caller.receive_any("SIP/2.0 180 ")
        assert (await panel.register()).code == 200
        rung = {field(await panel.next_request(), "Call-ID") for _ in range(2)}
        assert rung == {field(invite, "Call-ID") for invite in invites}

        await hang_up(door, invites[0])
        await hang_up(same_door, invites[1])
        await wait_until(lambda: missed(kamailio) == 2, what="the end of both")
        assert (await kamailio.rpc("htable.dump", "joining")) == []
    assert kamailio.complaints() == []


def missed(kamailio: Kamailio) -> int:
    return sum(event["type"] == "missed" for event in outbox.read(kamailio.data_folder))


class TcpPanel:
    """panel-1 on a TCP connection, always with the same contact."""

    def __init__(self, kamailio: Kamailio, client: SipClient) -> None:
        self._kamailio = kamailio
        self._client = client

    async def connect(self, cseq: int) -> None:
        self.reader, self.writer = await asyncio.open_connection(self._kamailio.address, self._kamailio.port)
        challenge = (await self._register(cseq=cseq)).challenge()
        proof = self._client.credentials("REGISTER", challenge)
        assert (await self._register(proof, cseq=cseq + 1)).code == 200

    async def next_request(self) -> str:
        async with asyncio.timeout(3):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            await self.reader.readexactly(int(field(head, "Content-Length")))
        return head

    async def _register(self, *headers: str, cseq: int) -> Reply:
        contact = "Contact: <sip:panel-1@127.0.0.1:20007;transport=tcp>"
        message = self._client.message(
            "REGISTER", None, contact, *headers, cseq=cseq, call_id="same", to="sip:panel-1@127.0.0.1"
        )
        self.writer.write(message.replace("SIP/2.0/UDP", "SIP/2.0/TCP").encode())
        return Reply((await self.reader.readuntil(b"\r\n\r\n")).decode())


async def test_a_device_that_comes_back_on_a_new_connection_is_rung_there(serve: Serve) -> None:
    """It has not heard what was sent into its old connection."""
    kamailio = await serve(directories.load(ONE_PANEL))
    with SipClient(kamailio.server, "door-1") as door, SipClient(kamailio.server, "panel-1") as client:
        panel = TcpPanel(kamailio, client)
        await panel.connect(cseq=1)
        old_writer = panel.writer
        invite = await door.call("401")
        assert (await panel.next_request()).startswith("INVITE ")

        await panel.connect(cseq=3)
        assert (await panel.next_request()).startswith("INVITE ")
        await hang_up(door, invite)
        for writer in (old_writer, panel.writer):
            writer.close()


@pytest.mark.parametrize("contacts", [8, 40], ids=["few", "more than a call may have"])
async def test_how_many_devices_ring(serve: Serve, contacts: int) -> None:
    """At most what one transaction can carry, and never a crash."""
    snapshot = directories.load(ONE_PANEL)
    panel = snapshot["accounts"][1]
    names = [f"panel-{number}" for number in range(1, 5)]
    snapshot["accounts"][1:] = [account(panel, name) for name in names]
    kamailio = await serve(snapshot)
    with ExitStack() as clients:
        devices = [clients.enter_context(SipClient(kamailio.server, names[n % 4])) for n in range(contacts)]
        door = clients.enter_context(SipClient(kamailio.server, "door-1"))
        for device in devices:
            assert (await device.register()).code == 200
        invite = await door.call("401")
        rung = 0
        for device in devices:
            with suppress(TimeoutError):
                rung += (await device.next_request(seconds=0.3)).startswith("INVITE ")
        assert rung == contacts if contacts < BRANCHES else BRANCHES - 10 <= rung <= BRANCHES
        await hang_up(door, invite)
        assert (await door.exchange(door.message("OPTIONS", None))).code == 200
    assert kamailio.complaints() == []


def account(model: directories.Snapshot, username: str) -> directories.Snapshot:
    password = directories.password_of(username)
    ha1_md5, ha1_sha256 = directories.digests(username, "home.example", password)
    own = {"id": directories.real_id(username), "username": username, "ha1_md5": ha1_md5, "ha1_sha256": ha1_sha256}
    return model | own


async def test_a_caller_who_gives_up_at_once(serve: Serve) -> None:
    """A CANCEL that overtakes everything still ends in exactly one event."""
    kamailio = await serve(directories.load(ONE_PANEL))
    calls = 60
    with ExitStack() as clients:
        doors = [clients.enter_context(SipClient(kamailio.server, "door-1")) for _ in range(calls)]
        cancelled = sum(await asyncio.gather(*(give_up_at_once(door) for door in doors)))
        assert cancelled > 0
        await wait_until(lambda: missed(kamailio) == cancelled, what="an end of each call")
    reasons = [event["reason"] for event in outbox.read(kamailio.data_folder) if event["type"] == "missed"]
    assert reasons == ["cancelled"] * cancelled


async def give_up_at_once(door: SipClient) -> bool:
    """False when the CANCEL came before its INVITE."""
    invite = await door.call("401")
    await door.send(cancel_of(invite))
    reply = await door.receive_any("SIP/2.0 (481|487)")
    if reply.startswith("SIP/2.0 487"):
        await door.send(ack_of(invite, reply))
    return reply.startswith("SIP/2.0 487")


def test_the_limit_is_the_configured_one() -> None:
    core = (Path(__file__).parents[2] / "addon" / "kamailio" / "core.cfg").read_text()
    assert re.search(rf"^max_branches={BRANCHES}\b", core, re.MULTILINE)

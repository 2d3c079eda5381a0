# SPDX-License-Identifier: Apache-2.0
"""What no device sends: nothing of it rings, reaches a third party, or does harm."""

from collections.abc import Callable
from pathlib import Path
import re

import pytest
from stack.kamailio import Kamailio
from stack.waiting import wait_until

from . import directories, outbox
from .conftest import Serve
from .sip_client import SipClient

HOME = Path(__file__).parent / "scenarios" / "registered_and_rung" / "directory.json"

type Make = Callable[[SipClient], str | bytes]


@pytest.fixture
async def kamailio(serve: Serve) -> Kamailio:
    return await serve(directories.load(HOME))


def invite(*headers: str) -> Make:
    return lambda client: client.message("INVITE", "401", *headers)


def from_user(user: str) -> Make:
    return lambda client: client.message("INVITE", "401", from_user=user)


def without(header: str) -> Make:
    return lambda client: re.sub(rf"{header}: .*\r\n", "", client.message("INVITE", "401"))


def replaced(old: str, new: str) -> Make:
    return lambda client: client.message("INVITE", "401").replace(old, new)


# name, packet, code of the answer (None: silence)
MALFORMED: list[tuple[str, Make, int | None]] = [
    ("no SIP at all", lambda client: b"\x00\xff\xfe" * 400, None),
    ("only line ends", lambda client: b"\r\n\r\n\r\n", None),
    ("half a request line", lambda client: b"INVITE sip:401", None),
    ("no Call-ID", without("Call-ID"), None),
    ("no Via", without("Via"), None),
    ("no CSeq", without("CSeq"), None),
    ("version 3", replaced(" SIP/2.0\r\nVia", " SIP/3.0\r\nVia"), None),
    ("CSeq of another method", invite("CSeq: 1 REGISTER"), 400),
    ("CSeq is no number", invite("CSeq: one INVITE"), 400),
    ("too many hops", invite("Max-Forwards: 0"), 483),
    ("Max-Forwards is no number", invite("Max-Forwards: many"), 483),
    ("strange scheme", replaced("INVITE sip:401", "INVITE mailto:401"), 416),
    ("body shorter than announced", replaced("Content-Length: 0", "Content-Length: 500"), 400),
    ("negative body", replaced("Content-Length: 0", "Content-Length: -5"), None),
    ("two From tags", replaced(";tag=f", ";tag=x;tag=f"), 400),
    ("bar in From", from_user("door|1"), 400),
    ("quote in From", from_user("x'OR(1)--"), 407),
    ("space in From", from_user("x y"), 400),
    ("NUL in From", from_user("door\0-1"), 400),
    ("percent in From", from_user("%00door-1"), 407),
    ("half an escape in From", from_user("%0xdoor-1"), 400),
    ("long From", from_user("x" * 65), 407),
    ("quote in To", lambda client: client.message("INVITE", "401", to="sip:x'OR'x@127.0.0.1"), 407),
    ("bar in To", lambda client: client.message("INVITE", "401", to="sip:x|OR@127.0.0.1"), 400),
    ("header of 30 kB", invite("Subject: " + "x" * 30_000), 407),
    ("2,000 headers", invite(*(f"X-{number}: x" for number in range(2000))), 407),
]


@pytest.mark.parametrize(("packet", "code"), [row[1:] for row in MALFORMED], ids=[row[0] for row in MALFORMED])
async def test_malformed(kamailio: Kamailio, packet: Make, code: int | None) -> None:
    with SipClient(kamailio.server, "door-1") as stranger:
        await stranger.send(packet(stranger))
        if code is None:
            assert await stranger.hears_nothing()
        else:
            assert (await stranger.receive()).code == code
        assert (await stranger.exchange(stranger.message("OPTIONS", None))).code == 200
    assert outbox.read(kamailio.data_folder) == []


@pytest.mark.parametrize(
    "method", ["MESSAGE", "SUBSCRIBE", "NOTIFY", "PUBLISH", "REFER", "INFO", "UPDATE", "PRACK", "BYE", "TEAPOT"]
)
async def test_nothing_but_register_and_invite_begins_anything(kamailio: Kamailio, method: str) -> None:
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "stranger") as stranger:
        assert (await panel.register()).code == 200
        for user in ("panel-1", "401", "nobody"):
            reply = await stranger.exchange(stranger.message(method, user))
            assert reply.code == 405
            assert "INVITE" in reply.header("Allow")
        assert await panel.hears_nothing()


async def test_options_tell_nothing_about_who_exists(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "stranger") as stranger:
        codes = [(await stranger.exchange(stranger.message("OPTIONS", user))).code for user in (None, "401", "999")]
    assert codes == [200, 200, 200]


@pytest.mark.parametrize("method", ["INVITE", "BYE", "INFO", "MESSAGE", "ACK", "UPDATE", "REFER"])
async def test_an_invented_dialog_carries_nobody_anywhere(kamailio: Kamailio, method: str) -> None:
    """Neither by the request URI nor by a Route, to a registered panel nor to a third party."""
    with (
        SipClient(kamailio.server, "panel-1") as panel,
        SipClient(kamailio.server, "victim") as victim,
        SipClient(kamailio.server, "stranger") as stranger,
    ):
        assert (await panel.register()).code == 200
        for target in (f"panel-1@127.0.0.1:{panel.port}", f"victim@127.0.0.1:{victim.port}"):
            for route in ((), (f"Route: <sip:{kamailio.server};lr>, <sip:127.0.0.1:{victim.port};lr>",)):
                packet = stranger.message(method, "401", *route, to_tag="invented")
                packet = packet.replace(f"{method} sip:401@{kamailio.server}", f"{method} sip:{target}", 1)
                await stranger.send(packet)
                if method == "ACK":
                    assert await stranger.hears_nothing()
                else:
                    assert (await stranger.receive()).code == 481
        assert await victim.hears_nothing()
        assert await panel.hears_nothing()


async def test_cancel_of_nothing(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "stranger") as stranger:
        assert (await stranger.exchange(stranger.message("CANCEL", "401"))).code == 481


async def test_a_preloaded_route_does_not_lead_the_call(kamailio: Kamailio) -> None:
    with (
        SipClient(kamailio.server, "panel-1") as panel,
        SipClient(kamailio.server, "victim") as victim,
        SipClient(kamailio.server, "door-1") as door,
    ):
        assert (await panel.register()).code == 200
        route = f"Route: <sip:{kamailio.server};lr>, <sip:127.0.0.1:{victim.port};lr>"
        await door.send(await door.proven("INVITE", "401", route))
        rung = await panel.next_request()
        assert rung.startswith(f"INVITE sip:panel-1@127.0.0.1:{panel.port} ")
        assert "Route: <sip:127.0.0.1" not in re.sub("Record-Route", "", rung)
        assert "Authorization" not in rung
        assert await victim.hears_nothing()


async def test_what_only_we_tell_the_agent_is_taken_away_from_callers(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "door-1") as door:
        assert (await panel.register()).code == 200
        await door.send(await door.proven("INVITE", "401", "X-Neolia-Call: forged;caller=1"))
        assert "x-neolia-call" not in (await panel.next_request()).lower()


NUMBERS = [
    ("quote", "401'"),
    ("two quotes and more", 'x\'),(\'{"type":"answered"}\')--'),
    ("double quote", '40"1'),
    ("NUL", "401\0"),
    ("bar", "401|402"),
    ("tilde", "401~1~r"),
    ("user with a password", "b2:401"),
    ("dollar", "$var(caller)"),
    ("star", "*"),
    ("pattern", "40?"),
    ("percent", "%34%30%31"),
    ("long", "4" * 5000),
]


@pytest.mark.parametrize("dialled", [row[1] for row in NUMBERS], ids=[row[0] for row in NUMBERS])
async def test_dialling_what_no_unit_can_have(kamailio: Kamailio, dialled: str) -> None:
    with SipClient(kamailio.server, "door-1") as door:
        challenge = await door.challenge("INVITE", "401")
        proof = door.credentials("INVITE", challenge)
        packet = door.message("INVITE", dialled, proof, cseq=2, to="sip:401@127.0.0.1")
        reply = await door.exchange(packet)
    assert reply.code == 404
    await wait_until(lambda: outbox.read(kamailio.data_folder), what="the event")
    (event,) = outbox.read(kamailio.data_folder)
    assert event["type"] == "denied"
    assert event["reason"] == "unknown_number"
    assert event["dialled"] == dialled.partition(":")[0][:64]


@pytest.mark.parametrize(("user", "code"), [(None, 404), ("", 400)], ids=["host alone", "empty user"])
async def test_dialling_nothing(kamailio: Kamailio, user: str | None, code: int) -> None:
    with SipClient(kamailio.server, "door-1") as door:
        proof = door.credentials("INVITE", await door.challenge("INVITE", "401"))
        packet = door.message("INVITE", user, proof, cseq=2, to="sip:401@127.0.0.1")
        assert (await door.exchange(packet)).code == code


async def test_a_call_id_that_would_be_sql_stays_text(kamailio: Kamailio) -> None:
    call_id = """x'),('{"type":"answered"}')--"""
    with SipClient(kamailio.server, "door-1") as door:
        challenge = await door.challenge("INVITE", "999")
        proof = door.credentials("INVITE", challenge)
        reply = await door.exchange(door.message("INVITE", "999", proof, cseq=2, call_id=call_id))
        assert reply.code == 404
    await wait_until(lambda: outbox.read(kamailio.data_folder), what="the event")
    (event,) = outbox.read(kamailio.data_folder)
    assert event["sip_call_id"] == call_id

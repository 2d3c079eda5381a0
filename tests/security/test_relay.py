# SPDX-License-Identifier: Apache-2.0
"""No header leads a packet to a third party: neither a stranger's nor that of somebody who may call."""

import pytest
from stack.kamailio import Kamailio
from stack.ports import free_host

from tests.kamailio.dialogs import established
from tests.kamailio.sip_client import SipClient

TRICKS = {
    "Route": "Route: <sip:{server};lr>, <sip:{victim};lr>",
    "Route without us": "Route: <sip:victim@{victim};lr>",
    "strict Route": "Route: <sip:victim@{victim}>",
    "Contact": "Contact: <sip:victim@{victim}>",
    "Refer-To": "Refer-To: <sip:victim@{victim}>",
    "Referred-By": "Referred-By: <sip:victim@{victim}>",
    "Replaces": "Replaces: 1@{victim};to-tag=1;from-tag=2",
    "Join": "Join: 1@{victim};to-tag=1;from-tag=2",
    "Path": "Path: <sip:{victim};lr>",
    "Record-Route": "Record-Route: <sip:{victim};lr>",
    "Via": "Via: SIP/2.0/UDP {victim};branch=z9hG4bKtrick;rport",
    "P-Preferred-Identity": "P-Preferred-Identity: <sip:victim@{victim}>",
    "X-Neolia-Call": "X-Neolia-Call: forged;caller=1",
}


def line(name: str, kamailio: Kamailio, victim: SipClient) -> str:
    return TRICKS[name].format(server=kamailio.server, victim=victim.place)


@pytest.mark.parametrize("tag", ["", "invented"], ids=["new call", "To-tag"])
async def test_a_stranger_reaches_nobody(kamailio: Kamailio, tag: str) -> None:
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "victim") as victim:
        assert (await panel.register()).code == 200
        for trick in TRICKS.keys() - {"Via"}:
            with SipClient(kamailio.server, "door-1", address=free_host()) as stranger:
                for method in ("INVITE", "ACK", "BYE", "INFO", "MESSAGE", "REFER", "OPTIONS"):
                    for target in (f"401@{kamailio.server}", f"panel-1@{panel.place}", f"victim@{victim.place}"):
                        packet = stranger.message(method, "401", line(trick, kamailio, victim), to_tag=tag)
                        await stranger.send(packet.replace(f"sip:401@{kamailio.server} ", f"sip:{target} ", 1))
        assert await victim.hears_nothing()
        assert await panel.hears_nothing()


@pytest.mark.parametrize("trick", TRICKS)
async def test_who_may_call_reaches_whom_the_rules_name_and_nobody_else(kamailio: Kamailio, trick: str) -> None:
    with (
        SipClient(kamailio.server, "panel-1") as panel,
        SipClient(kamailio.server, "victim") as victim,
        SipClient(kamailio.server, "door-1") as door,
    ):
        assert (await panel.register()).code == 200
        packet = await door.proven("INVITE", "401")
        first, rest = packet.split("\r\nMax-Forwards", 1)
        await door.send(f"{first}\r\n{line(trick, kamailio, victim)}\r\nMax-Forwards{rest}")
        rung = await panel.receive_any("INVITE ")
        assert await victim.hears_nothing()
        if trick not in ("Contact", "Via", "Record-Route", "P-Preferred-Identity"):
            assert f"\r\n{trick.split()[0]}: " not in rung


async def test_the_host_that_is_dialled_decides_nothing(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "victim") as victim, SipClient(kamailio.server, "door-1") as door:
        proof = door.credentials("INVITE", await door.challenge("INVITE", "401"))
        packet = door.message("INVITE", "victim", proof, cseq=2)
        await door.send(packet.replace(f"sip:victim@{kamailio.server} ", f"sip:victim@{victim.place} ", 1))
        assert (await door.receive()).code == 404
        assert await victim.hears_nothing()


async def test_a_registration_leads_its_calls_nowhere_by_path(kamailio: Kamailio) -> None:
    with (
        SipClient(kamailio.server, "panel-1") as panel,
        SipClient(kamailio.server, "victim") as victim,
        SipClient(kamailio.server, "door-1") as door,
    ):
        assert (await panel.register(line("Path", kamailio, victim), "Supported: path")).code == 200
        await door.call("401")
        await panel.receive_any("INVITE ")
        assert await victim.hears_nothing()


@pytest.mark.parametrize("known", ["Call-ID", "Call-ID and To-tag", "Call-ID and From-tag"])
async def test_half_of_what_names_a_call_is_not_enough(kamailio: Kamailio, known: str) -> None:
    with (
        SipClient(kamailio.server, "panel-1") as panel,
        SipClient(kamailio.server, "stranger") as stranger,
        SipClient(kamailio.server, "door-1") as door,
    ):
        assert (await panel.register()).code == 200
        dialog = await established(door, panel)
        answer = dialog.answer
        to = answer.header("To") if "To-tag" in known else "<sip:401@127.0.0.1>;tag=guessed"
        sender = answer.header("From") if "From-tag" in known else "<sip:door-1@127.0.0.1>;tag=guessed"
        for method in ("BYE", "INVITE", "UPDATE"):
            packet = stranger.message(
                method, "401", f"From: {sender}", f"To: {to}", call_id=answer.header("Call-ID"), cseq=9
            )
            assert (await stranger.exchange(packet)).code == 481
        assert await panel.hears_nothing()
        assert await door.hears_nothing()


async def test_what_stands_behind_a_body_reaches_no_device(kamailio: Kamailio) -> None:
    """On a connection it would be a message of its own there, past everything that is decided here."""
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "door-1") as door:
        assert (await panel.register()).code == 200
        smuggled = door.message("MESSAGE", "panel-1")
        assert (await door.exchange(await door.proven("INVITE", "401") + smuggled)).code == 400
        assert await panel.hears_nothing()

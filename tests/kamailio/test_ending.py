# SPDX-License-Identifier: Apache-2.0
"""Calls that the gateway ends: by `ending=>call` and a command. Everybody stops at once, and the one last event says why."""

import asyncio
from pathlib import Path

import pytest
from stack.kamailio import Kamailio
from stack.rtpengine import RtpEngine
from stack.waiting import wait_until

from . import directories, outbox
from .conftest import Serve
from .dialogs import established
from .sdp import PLAIN
from .sip_client import SipClient, field, reply_to
from .test_media import wait_for_calls
from .test_transports import BehindNat

TWO_PANELS = Path(__file__).parent / "scenarios" / "two_phones_one_answers" / "directory.json"
FINAL = {"missed", "declined", "ended"}


@pytest.fixture
async def kamailio(serve: Serve) -> Kamailio:
    return await serve(directories.load(TWO_PANELS))


async def event(kamailio: Kamailio, kind: str) -> outbox.Event:
    def found() -> outbox.Event | None:
        return next((event for event in outbox.read(kamailio.data_folder) if event["type"] == kind), None)

    event = await wait_until(found, what=f"the event {kind}")
    assert event
    return event


async def last_event(kamailio: Kamailio, first: str) -> outbox.Event:
    """Return the only event that ends the call; time is given for a second one, which must not come."""
    await event(kamailio, first)
    await asyncio.sleep(0.3)
    (last,) = [event for event in outbox.read(kamailio.data_folder) if event["type"] in FINAL]
    return last


async def end_ringing(kamailio: Kamailio, reason: str) -> None:
    incoming = await event(kamailio, "incoming")
    await kamailio.rpc("htable.sets", "ending", incoming["call"], reason)
    command = ("tm.reply_callid", 480, "Temporarily Unavailable", incoming["sip_call_id"], str(incoming["cseq"]))
    await kamailio.rpc(*command, "gateway", "", "")


@pytest.mark.parametrize("rings", [True, False], ids=["it rings", "nobody is there"])
async def test_a_ringing_call(kamailio: Kamailio, rings: bool) -> None:
    with SipClient(kamailio.server, "door-1") as door, SipClient(kamailio.server, "panel-1") as panel:
        if rings:
            assert (await panel.register()).code == 200
        await door.call("401")
        if rings:
            invite = await panel.next_request()
            await panel.send(reply_to(invite, "180 Ringing"))
        assert await door.receive_any("SIP/2.0 180 ")

        await end_ringing(kamailio, "door_opened")
        refused = await door.receive_any("SIP/2.0 480 ")
        assert ";tag=" in field(refused, "To")
        if rings:
            cancel = await panel.receive_any("CANCEL ")
            await panel.send(reply_to(cancel, "200 OK"))
            await panel.send(reply_to(invite, "487 Request Terminated"))
            assert (await panel.next_request()).startswith("ACK ")
        last = await last_event(kamailio, "missed")
        assert (last["type"], last["code"], last["reason"]) == ("missed", 480, "door_opened")
        assert (await panel.register()).code == 200
        assert await panel.hears_nothing()
    assert kamailio.complaints() == []


async def test_an_answered_call(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "door-1") as door, SipClient(kamailio.server, "panel-1") as panel:
        assert (await panel.register()).code == 200
        await door.call("401")
        invite = await panel.next_request()
        await panel.send(reply_to(invite, "200 OK", f"Contact: <sip:panel-1@127.0.0.1:{panel.port}>\r\n"))
        assert (await door.receive()).code == 200

        answered = await event(kamailio, "answered")
        assert (answered["by"], answered["step"]) == ("panel-1", 0)
        (contact,) = (await kamailio.rpc("ul.lookup", "location", "panel-1"))["Contacts"]
        assert answered["device"] == contact["Contact"]["Ruid"]

        await kamailio.rpc("htable.sets", "ending", answered["call"], "revoked")
        await kamailio.rpc("dlg.end_dlg", *map(int, answered["dialog"].split(":")))
        for device in (door, panel):
            bye = await device.receive_any("BYE ")
            await device.send(reply_to(bye, "200 OK"))
        last = await last_event(kamailio, "ended")
        assert (last["type"], last["code"], last["reason"]) == ("ended", 200, "revoked")
    assert kamailio.complaints() == []


async def test_a_reason_is_one_calls_own(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "door-1") as door:
        await kamailio.rpc("htable.sets", "ending", "another-call", "stopped")
        await door.call("401")
        assert await door.receive_any("SIP/2.0 180 ")
        await end_ringing(kamailio, "stopped")
        assert (await last_event(kamailio, "missed"))["reason"] == "stopped"


async def test_a_ringing_calls_media_goes_with_it(kamailio: Kamailio, rtpengine: RtpEngine) -> None:
    with SipClient(kamailio.server, "door-1") as door, BehindNat(kamailio.server, "panel-1") as panel:
        assert (await panel.register()).code == 200
        await door.call("401", body=PLAIN)
        await panel.send(reply_to(await panel.next_request(), "180 Ringing"))
        await wait_for_calls(rtpengine, 1)
        await end_ringing(kamailio, "stopped")
        await wait_for_calls(rtpengine, 0)
    assert kamailio.complaints() == []


async def test_an_answered_calls_media_goes_with_it(kamailio: Kamailio, rtpengine: RtpEngine) -> None:
    with SipClient(kamailio.server, "door-1") as door, BehindNat(kamailio.server, "panel-1") as panel:
        assert (await panel.register()).code == 200
        await established(door, panel, offer=PLAIN, answer=PLAIN)
        await wait_for_calls(rtpengine, 1)
        answered = await event(kamailio, "answered")
        await kamailio.rpc("htable.sets", "ending", answered["call"], "stopped")
        await kamailio.rpc("dlg.end_dlg", *map(int, answered["dialog"].split(":")))
        for device in (door, panel):
            await device.send(reply_to(await device.receive_any("BYE "), "200 OK"))
        assert (await last_event(kamailio, "ended"))["reason"] == "stopped"
        await wait_for_calls(rtpengine, 0)
    assert kamailio.complaints() == []

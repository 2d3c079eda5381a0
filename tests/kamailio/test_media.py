# SPDX-License-Identifier: Apache-2.0
"""Whom RTPEngine stands between, what each side is offered, and what becomes of calls when it is down or dead."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
import re
import socket

import pytest
from stack.kamailio import Kamailio
from stack.ports import free_port
from stack.rtpengine import RtpEngine
from stack.waiting import wait_until

from . import directories, outbox
from .conftest import Serve
from .dialogs import Dialog
from .sdp import PLAIN, WEBRTC, is_plain, is_webrtc
from .sip_client import SipClient, ack_of, body_of, cancel_of, reply_to
from .stream_clients import WebSocketClient, connect_websocket
from .test_transports import BehindNat

HOME = Path(__file__).parent / "scenarios" / "two_phones_one_answers" / "directory.json"
ONE_PANEL = HOME.parents[1] / "registered_and_rung" / "directory.json"


@pytest.fixture
async def kamailio(serve: Serve) -> Kamailio:
    return await serve(directories.load(HOME))


@pytest.fixture
async def browser(kamailio: Kamailio) -> AsyncIterator[WebSocketClient]:
    """Signed in as panel-1."""
    async with connect_websocket(f"127.0.0.1:{kamailio.websocket_port}", "panel-1") as client:
        assert (await client.register()).code == 200
        yield client


async def last_event(kamailio: Kamailio) -> outbox.Event:
    def found() -> outbox.Event | None:
        events = outbox.read(kamailio.data_folder)
        return events[-1] if events and events[-1]["type"] in ("missed", "declined", "ended") else None

    event = await wait_until(found, what="the end of the call")
    assert event
    return event


async def test_plain_devices_of_one_network_talk_directly(kamailio: Kamailio, rtpengine: RtpEngine) -> None:
    with SipClient(kamailio.server, "door-1") as door, SipClient(kamailio.server, "panel-1") as panel:
        assert (await panel.register()).code == 200
        await door.call("401", body=PLAIN)
        invite = await panel.next_request()
        assert body_of(invite) == PLAIN
        await panel.send(reply_to(invite, "200 OK", f"Contact: <{panel.contact}>\r\n", PLAIN))
        assert body_of((await door.receive()).text) == PLAIN
        assert await rtpengine.calls() == []
    assert kamailio.complaints() == []


async def test_what_is_behind_a_nat_is_relayed(kamailio: Kamailio, rtpengine: RtpEngine) -> None:
    with SipClient(kamailio.server, "door-1") as door, BehindNat(kamailio.server, "panel-1") as panel:
        assert (await panel.register()).code == 200
        invite = await door.call("401", body=PLAIN)
        offer = body_of(await panel.next_request())
        assert is_plain(offer)
        assert media_ports(offer) != media_ports(PLAIN)
        await wait_for_calls(rtpengine, 1)
        await door.send(cancel_of(invite))
        await wait_for_calls(rtpengine, 0)


async def test_each_branch_is_offered_what_it_understands(
    kamailio: Kamailio, browser: WebSocketClient, rtpengine: RtpEngine
) -> None:
    with SipClient(kamailio.server, "door-1") as door, SipClient(kamailio.server, "panel-2") as phone:
        assert (await phone.register()).code == 200
        invite = await door.call("401", body=PLAIN)
        assert body_of(await phone.next_request()) == PLAIN
        assert is_webrtc(body_of(await browser.next_request()))
        await wait_for_calls(rtpengine, 1)
        await door.send(cancel_of(invite))
        await wait_for_calls(rtpengine, 0)


async def test_a_door_shows_its_picture_before_it_is_answered(
    kamailio: Kamailio, browser: WebSocketClient, rtpengine: RtpEngine
) -> None:
    with SipClient(kamailio.server, "door-1") as door:
        assert (await door.register()).code == 200
        await browser.call("door-1", body=WEBRTC)
        invite = await door.next_request()
        assert is_plain(body_of(invite))
        await door.send(reply_to(invite, "183 Session Progress", f"Contact: <{door.contact}>\r\n", PLAIN))
        early = await browser.receive_any("SIP/2.0 183 ")
        assert is_webrtc(body_of(early))
        await door.send(reply_to(invite, "200 OK", f"Contact: <{door.contact}>\r\n", PLAIN))
        answer = (await browser.receive()).text
        assert media_ports(body_of(answer)) == media_ports(body_of(early))
        assert len(await rtpengine.calls()) == 1
    assert kamailio.complaints() == []


async def test_rtpengine_down_plain_calls_go_on(kamailio: Kamailio) -> None:
    await kamailio.rpc("htable.sets", "sys", "rtpengine", "down")
    with SipClient(kamailio.server, "door-1") as door, BehindNat(kamailio.server, "panel-1") as panel:
        assert (await panel.register()).code == 200
        await door.call("401", body=PLAIN)
        invite = await panel.next_request()
        assert body_of(invite) == PLAIN
        await panel.send(reply_to(invite, "200 OK", f"Contact: <{panel.contact}>\r\n", PLAIN))
        assert (await door.receive()).code == 200
    assert kamailio.complaints() == []


async def test_rtpengine_down_a_browser_that_calls_is_told(kamailio: Kamailio, browser: WebSocketClient) -> None:
    await kamailio.rpc("htable.sets", "sys", "rtpengine", "down")
    with SipClient(kamailio.server, "panel-2") as phone:
        assert (await phone.register()).code == 200
        await browser.call("401", body=WEBRTC)
        refused = await browser.receive()
        assert refused.text.startswith("SIP/2.0 503 No Media Relay For WebRTC")
        event = await last_event(kamailio)
        assert (event["type"], event["code"], event["reason"]) == ("missed", 503, "no_media")
        assert await phone.hears_nothing()
    await kamailio.rpc("htable.sets", "sys", "rtpengine", "up")
    with SipClient(kamailio.server, "panel-2") as phone:
        assert (await phone.register()).code == 200
        await browser.call("401", body=WEBRTC)
        assert is_plain(body_of(await phone.next_request()))


@pytest.fixture
async def phone(kamailio: Kamailio) -> AsyncIterator[SipClient]:
    """Signed in as panel-2."""
    with SipClient(kamailio.server, "panel-2") as client:
        assert (await client.register()).code == 200
        yield client


async def test_rtpengine_down_the_phone_beside_a_browser_rings(
    kamailio: Kamailio, browser: WebSocketClient, phone: SipClient
) -> None:
    await kamailio.rpc("htable.sets", "sys", "rtpengine", "down")
    with SipClient(kamailio.server, "door-1") as door:
        await door.call("401", body=PLAIN)
        assert body_of(await phone.next_request()) == PLAIN
        assert await browser.hears_nothing()


@pytest.mark.parametrize("flag", ["down", "up"])
async def test_a_call_for_browsers_alone_needs_rtpengine(serve: Serve, folder: Path, flag: str) -> None:
    """Whether or not anybody has noticed that it is gone."""
    kamailio = await serve(directories.load(ONE_PANEL), RTPENGINE=f"127.0.0.1:{free_port()}")
    await kamailio.rpc("htable.sets", "sys", "rtpengine", flag)
    async with connect_websocket(f"127.0.0.1:{kamailio.websocket_port}", "panel-1") as browser:
        assert (await browser.register()).code == 200
        with SipClient(kamailio.server, "door-1") as door:
            await door.call("401", body=PLAIN)
            assert (await door.receive()).code == 503
            assert await browser.hears_nothing()
    event = await last_event(kamailio)
    assert (event["type"], event["code"], event["reason"]) == ("missed", 503, "no_media")


async def test_rtpengine_comes_back(serve: Serve, folder: Path, tmp_path: Path) -> None:
    """A browser can be rung at once, or a second later."""
    async with RtpEngine(tmp_path) as engine:
        kamailio = await serve(directories.load(ONE_PANEL), RTPENGINE=engine.address)
        async with connect_websocket(f"127.0.0.1:{kamailio.websocket_port}", "panel-1") as browser:
            assert (await browser.register()).code == 200
            with SipClient(kamailio.server, "door-1") as door:
                await engine.kill()
                assert await refused(door)
                await engine.start()

                async def rings() -> bool:
                    return not await refused(door)

                await wait_until(rings, seconds=5, what="a call after the start")
                assert is_webrtc(body_of(await browser.receive_any("INVITE ")))


async def refused(door: SipClient) -> bool:
    """Call; whether that was refused for want of RTPEngine."""
    invite = await door.call("401", body=PLAIN)
    await door.receive_any("SIP/2.0 100 ")
    try:
        refusal = await door.receive_any("SIP/2.0 503 ", 0.5)
    except TimeoutError:
        return False
    await door.send(ack_of(invite, refusal))
    return True


async def test_devices_of_two_internet_protocols_are_relayed(serve: Serve, tmp_path: Path) -> None:
    async with RtpEngine(tmp_path, interfaces=["127.0.0.1", "::1"]) as engine:
        kamailio = await serve(directories.load(HOME), RTPENGINE=engine.address, SIP_ADDRESS_2="[::1]")
        with (
            SipClient(kamailio.server, "door-1") as door,
            SipClient(f"[::1]:{kamailio.port}", "panel-1") as panel,
        ):
            assert (await panel.register()).code == 200
            await door.call("401", body=PLAIN)
            invite = await panel.receive_any("INVITE ")
            offer = body_of(invite)
            assert is_plain(offer)
            assert addresses(offer) == {"IP6 ::1"}
            answer = PLAIN.replace("IP4 127.0.0.1", "IP6 ::1")
            await panel.send(reply_to(invite, "200 OK", f"Contact: <{panel.contact}>\r\n", answer))
            assert addresses(body_of((await door.receive()).text)) == {"IP4 127.0.0.1"}
        assert kamailio.complaints() == []


@pytest.fixture
def silent_rtpengine() -> Iterator[str]:
    """The address of one that takes everything and answers nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


async def test_a_silent_rtpengine_that_nobody_has_noticed(serve: Serve, silent_rtpengine: str) -> None:
    kamailio = await serve(directories.load(HOME), RTPENGINE=silent_rtpengine)
    async with connect_websocket(f"127.0.0.1:{kamailio.websocket_port}", "panel-1") as browser:
        with SipClient(kamailio.server, "door-1") as door, SipClient(kamailio.server, "panel-2") as phone:
            for device in (browser, phone):
                assert (await device.register()).code == 200
            await door.call("401", body=PLAIN)
            invite = await phone.next_request()
            assert body_of(invite) == PLAIN
            await phone.send(reply_to(invite, "180 Ringing"))
            await browser.call("401", body=WEBRTC)
            assert (await browser.receive()).code == 503
            assert await browser.hears_nothing()
            assert await phone.hears_nothing()


def addresses(sdp: str) -> set[str]:
    return set(re.findall(r"^c=IN (.*)\r$", sdp, re.MULTILINE))


def media_ports(sdp: str) -> list[str]:
    return re.findall(r"^m=\w+ (\d+) ", sdp, re.MULTILINE)


async def test_an_offer_that_the_device_makes(
    kamailio: Kamailio, browser: WebSocketClient, rtpengine: RtpEngine
) -> None:
    """An INVITE without SDP: the offer comes with the 200, the answer with the ACK."""
    others = len(await rtpengine.calls())
    with SipClient(kamailio.server, "door-1") as door:
        await door.call("401")
        invite = await browser.next_request()
        assert body_of(invite) == ""
        await browser.send(reply_to(invite, "200 OK", f"Contact: <{browser.contact}>\r\n", WEBRTC))
        offer = await door.receive()
        assert is_plain(body_of(offer.text))
        dialog = Dialog(door, offer)
        await dialog.send("ACK", body=PLAIN)
        assert is_webrtc(body_of(await browser.receive_any("ACK ")))
        assert len(await rtpengine.calls()) == others + 1

        await dialog.send("INVITE")
        again = await browser.receive_any("INVITE ")
        await browser.send(reply_to(again, "200 OK", f"Contact: <{browser.contact}>\r\n", WEBRTC))
        offer = await door.receive()
        assert is_plain(body_of(offer.text))
        await dialog.send("ACK", body=PLAIN)
        assert is_webrtc(body_of(await browser.receive_any("ACK ")))

        await dialog.send("BYE")
        await browser.send(reply_to(await browser.receive_any("BYE "), "200 OK"))
        assert (await door.receive()).code == 200
        await wait_for_calls(rtpengine, others)
    assert kamailio.complaints() == []


async def test_an_offer_that_a_near_device_makes_passes_untouched(kamailio: Kamailio, rtpengine: RtpEngine) -> None:
    others = await rtpengine.calls()
    with SipClient(kamailio.server, "door-1") as door, SipClient(kamailio.server, "panel-1") as panel:
        assert (await panel.register()).code == 200
        await door.call("401")
        await panel.send(reply_to(await panel.next_request(), "200 OK", f"Contact: <{panel.contact}>\r\n", PLAIN))
        offer = await door.receive()
        assert body_of(offer.text) == PLAIN
        await Dialog(door, offer).send("ACK", body=PLAIN)
        assert body_of(await panel.receive_any("ACK ")) == PLAIN
        assert await rtpengine.calls() == others


async def wait_for_calls(rtpengine: RtpEngine, count: int) -> None:
    async def counted() -> bool:
        return len(await rtpengine.calls()) == count

    await wait_until(counted, what=f"{count} calls at RTPEngine")

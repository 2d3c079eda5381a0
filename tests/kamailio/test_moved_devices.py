# SPDX-License-Identifier: Apache-2.0
"""A device that comes from elsewhere since the call began: a new connection, or a new address, under the same account."""

from pathlib import Path
import re

import pytest
from stack.kamailio import Kamailio
from stack.waiting import wait_until

from . import directories, outbox
from .conftest import Serve
from .dialogs import established
from .sdp import PLAIN, WEBRTC, is_plain, is_webrtc
from .sip_client import SipClient, body_of, field, reply_to
from .stream_clients import connect_stream, connect_websocket

HOME = Path(__file__).parent / "scenarios" / "two_phones_one_answers" / "directory.json"


@pytest.fixture
async def kamailio(serve: Serve) -> Kamailio:
    return await serve(directories.load(HOME), LOCATION_SAVE_SECONDS=1)


def bye_of_the_called(phone: SipClient, invite: str) -> str:
    """Return the BYE of the one who answered this INVITE by `reply_to`."""
    routes = [f"Route: {route}" for route in re.findall(r"^Record-Route: *(.*)\r$", invite, re.MULTILINE)]
    caller = field(invite, "From")
    message = phone.message(
        "BYE", None, f"From: {field(invite, 'To')};tag=device", f"To: {caller}", call_id=field(invite, "Call-ID")
    )
    target = field(invite, "Contact").strip("<>")
    return "\r\n".join((f"BYE {target} SIP/2.0", *routes, message.partition("\r\n")[2]))


async def wait_until_gone(kamailio: Kamailio) -> None:
    def gone() -> bool:
        return [event["type"] for event in outbox.presence(kamailio.data_folder)][-1:] == ["unregistered"]

    await wait_until(gone, what="that the lost connection is noticed")


def ends(kamailio: Kamailio) -> list[str]:
    return [event["type"] for event in outbox.read(kamailio.data_folder)][-1:]


async def wait_until_ended(kamailio: Kamailio) -> None:
    await wait_until(lambda: ends(kamailio) == ["ended"], what="the end of the call")


@pytest.mark.parametrize("noticed", [True, False], ids=["the loss was noticed", "the loss was not noticed"])
async def test_a_replaced_websocket_gets_reinvite_and_bye(kamailio: Kamailio, noticed: bool) -> None:
    websocket = f"127.0.0.1:{kamailio.websocket_port}"
    with SipClient(kamailio.server, "door-1") as door:
        async with connect_websocket(websocket, "panel-1") as panel:
            assert (await panel.register()).code == 200
            call = await established(door, panel, offer=PLAIN, answer=WEBRTC)
            assert is_plain(body_of(call.answer.text))
        if noticed:
            await wait_until_gone(kamailio)
        async with connect_websocket(websocket, "panel-1") as panel:
            assert (await panel.register()).code == 200
            await call.send("INVITE", body=PLAIN)
            invite = await panel.receive_any("INVITE ")
            assert is_webrtc(body_of(invite))
            await panel.send(reply_to(invite, "200 OK", f"Contact: <{panel.contact}>\r\n", WEBRTC))
            assert is_plain(body_of((await call.reinvite_answered()).text))
            await panel.receive_any("ACK ")
            await call.send("BYE")
            await panel.send(reply_to(await panel.receive_any("BYE "), "200 OK"))
            assert (await door.receive()).code == 200
    await wait_until_ended(kamailio)


async def test_a_caller_whose_websocket_was_replaced_gets_the_bye(kamailio: Kamailio) -> None:
    websocket = f"127.0.0.1:{kamailio.websocket_port}"
    with SipClient(kamailio.server, "panel-2") as phone:
        assert (await phone.register()).code == 200
        async with connect_websocket(websocket, "panel-1") as panel:
            assert (await panel.register()).code == 200
            await panel.call("401", body=WEBRTC)
            invite = await phone.receive_any("INVITE ")
            await phone.send(reply_to(invite, "200 OK", f"Contact: <{phone.contact}>\r\n", PLAIN))
            assert (await panel.receive()).code == 200
        async with connect_websocket(websocket, "panel-1") as panel:
            assert (await panel.register()).code == 200
            await phone.send(bye_of_the_called(phone, invite))
            await panel.send(reply_to(await panel.receive_any("BYE "), "200 OK"))
            assert (await phone.receive()).code == 200


async def test_a_replaced_tcp_connection_gets_the_bye(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "door-1") as door:
        async with connect_stream(kamailio.server, "panel-1") as panel:
            assert (await panel.register()).code == 200
            call = await established(door, panel)
        async with connect_stream(kamailio.server, "panel-1") as panel:
            assert (await panel.register()).code == 200
            await call.send("BYE")
            await panel.send(reply_to(await panel.receive_any("BYE ", 10), "200 OK"))
            assert (await door.receive(10)).code == 200


async def test_a_phone_with_another_address_gets_the_bye(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "door-1") as door:
        with SipClient(kamailio.server, "panel-1") as panel:
            assert (await panel.register()).code == 200
            call = await established(door, panel)
            assert (await panel.register("Expires: 0")).code == 200
        with SipClient(kamailio.server, "panel-1") as panel:
            assert (await panel.register()).code == 200
            await call.send("BYE")
            await panel.send(reply_to(await panel.receive_any("BYE ", 10), "200 OK"))
            assert (await door.receive(10)).code == 200


async def test_who_does_not_come_back_is_hung_up_all_the_same(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "door-1") as door:
        async with connect_websocket(f"127.0.0.1:{kamailio.websocket_port}", "panel-1") as panel:
            assert (await panel.register()).code == 200
            call = await established(door, panel)
        await call.send("BYE")
        assert (await door.receive()).code == 480
    await wait_until_ended(kamailio)

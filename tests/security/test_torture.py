# SPDX-License-Identifier: Apache-2.0
"""The 61 torture messages of RFC 4475 and RFC 5118: each is handled as its RFC says or more strictly, and harms nobody.

One worker reads everything in order, so its answer to what was sent afterwards proves that there is none to the message.
"""

import asyncio
from collections import Counter
import contextlib

import pytest
from stack.kamailio import Kamailio

from tests.kamailio import outbox
from tests.kamailio.conftest import Serve
from tests.kamailio.directories import Snapshot
from tests.kamailio.sip_client import SipClient, field
from tests.kamailio.stream_clients import connect_stream

from .torture import Message, load

MESSAGES = load()
# What Kamailio's own parser does not take, though it should: a folded CSeq, header names of unusual characters.
NOT_READ = {"wsinv", "intmeth", "esc02"}
REFUSED_UNREAD = {"badinv01", "ncl", "quotbal", "lwsruri", "lwsstart", "badvers", "insuf", "multi01", "mcl01"}


@pytest.fixture
async def kamailio(serve: Serve, home: Snapshot) -> Kamailio:
    return await serve(home, UDP_WORKERS=1, TCP_WORKERS=1)


async def over_udp(kamailio: Kamailio, message: Message) -> list[str]:
    """Return what was answered."""
    with SipClient(kamailio.server, "stranger") as stranger:
        await stranger.send(message.data)
        probe = stranger.message("OPTIONS", None)
        await stranger.send(probe)
        replies = []
        while field(probe, "Call-ID") not in (reply := (await stranger.read(3)).decode()):
            replies.append(reply)
        return replies


async def over_tcp(kamailio: Kamailio, message: Message) -> list[str]:
    async with (
        connect_stream(kamailio.server, "stranger") as stranger,
        connect_stream(kamailio.server, "other") as other,
    ):
        await stranger.send(message.data)
        assert (await other.exchange(other.message("OPTIONS", None))).code == 200
        replies = []
        with contextlib.suppress(TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            while True:
                replies.append((await stranger.read(0.2)).decode())
        return replies


@pytest.mark.parametrize("send", [over_udp, over_tcp], ids=["UDP", "TCP"])
async def test_every_message_is_handled_as_its_rfc_says_or_more_strictly(kamailio: Kamailio, send) -> None:
    answered = {message.name: await send(kamailio, message) for message in MESSAGES}
    framed = [message for message in MESSAGES if send is over_udp or message.expect["tcp_ok"]]
    assert {
        message.name: answered[message.name] for message in framed if message.judge(answered[message.name]) == "wrong"
    } == {}
    silent = {message.name for message in framed if message.expect["kind"] == "request" and not answered[message.name]}
    assert silent == (NOT_READ | REFUSED_UNREAD) & {message.name for message in framed}
    # Where the length does not tell a stream what is body and what the next message, nothing succeeds.
    unframed = [answered[message.name] for message in MESSAGES if message not in framed]
    assert not [reply for replies in unframed for reply in replies if reply.startswith(("SIP/2.0 1", "SIP/2.0 2"))]
    assert outbox.read(kamailio.data_folder) == []
    await still_rings(kamailio)


async def still_rings(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "door-1") as door:
        assert (await panel.register()).code == 200
        await door.call("401")
        await panel.receive_any("INVITE ")


def test_the_messages_are_complete() -> None:
    assert Counter(message.expect["rfc"] for message in MESSAGES) == {"4475": 49, "5118": 12}
    assert all(len(message.data) == message.expect["size"] for message in MESSAGES)

# SPDX-License-Identifier: Apache-2.0
"""How long a visitor waits for the ring: a panel that is there, and one that registers while its unit rings."""

import asyncio
from contextlib import AsyncExitStack, closing
from datetime import datetime
from pathlib import Path
import re
import statistics
import time
from typing import Any

import aiohttp
from stack.ports import free_host
from stack.rtpengine import RtpEngine

from tests.kamailio.dialogs import Dialog
from tests.kamailio.sip_client import SipClient, body_of, reply_to

from . import estates
from .measured import Measured, percentile
from .scale import HOME, Scale
from .snapshot import DataPlane
from .sound import Sound

DOOR, PANEL = estates.door_username(0), estates.panel_username(0)
NUMBER = estates.code_and_number(0)


async def measure(scale: Scale, folder: Path) -> dict[str, Measured]:
    async with AsyncExitStack() as stack:
        directory = stack.enter_context(closing(estates.create(folder / "directory.sqlite", HOME)))
        engine = await stack.enter_async_context(RtpEngine(folder))
        plane = DataPlane(folder, accounts=5, settings={"RTPENGINE": engine.address})
        await plane.start(stack)
        await plane.publish(directory)
        server = plane.kamailio.server
        joins = [await join(server) for _ in range(scale.repetitions)]
        rings = [await ring(server) for _ in range(scale.repetitions)]
        medias = [await media(server) for _ in range(scale.repetitions)]
        events = await stack.enter_async_context(plane.session.ws_connect("/v1/events"))
        await drain(events)
        deliveries = [await delivery(server, events) for _ in range(scale.repetitions)]
    return {
        "late-register": Measured(
            percentile(joins, 99) * 1e3,
            f"{len(joins)} calls, 99th percentile; median {statistics.median(joins) * 1e3:.1f} ms",
        ),
        "invite-180": Measured(
            percentile(rings, 99) * 1e3,
            f"{len(rings)} calls, 99th percentile; median {statistics.median(rings) * 1e3:.1f} ms",
        ),
        "media-start": Measured(
            percentile(medias, 99) * 1e3,
            f"{len(medias)} calls, 99th percentile; median {statistics.median(medias) * 1e3:.1f} ms; "
            "both send every 20 ms, the panel from its 200 on, the door from hearing it",
        ),
        "event-delivery": Measured(
            statistics.median(deliveries) * 1e3,
            f"{len(deliveries)} calls, 99th percentile {percentile(deliveries, 99) * 1e3:.1f} ms; of it up to 5 ms until "
            "the event's row is written",
        ),
    }


async def join(server: str) -> float:
    """Seconds from a panel's REGISTER, sent while its unit rings, to the INVITE at the panel."""
    with client(server, DOOR) as door, client(server, PANEL) as panel:
        await dial(door)
        await door.receive_any("SIP/2.0 180 ")
        proof = panel.credentials("REGISTER", await panel.challenge("REGISTER", None))
        began = time.perf_counter()
        await panel.send(panel.message("REGISTER", None, proof, cseq=2, to=f"sip:{PANEL}@127.0.0.1"))
        invite = await panel.next_request()
        seconds = time.perf_counter() - began
        await decline(door, panel, invite)
    return seconds


async def ring(server: str) -> float:
    """Seconds from the door's INVITE, the one with its credentials, to the panel's 180 at the door."""
    with client(server, DOOR) as door, client(server, PANEL) as panel:
        assert (await panel.register()).code == 200
        began = await dial(door)
        invite = await panel.next_request()
        await panel.send(answer(invite, "180 Ringing"))
        await door.receive_any("SIP/2.0 180 ")
        seconds = time.perf_counter() - began
        await decline(door, panel, invite)
    return seconds


async def media(server: str) -> float:
    """Seconds from the 200 of a panel behind a NAT until it hears the door and the door hears it."""
    with client(server, DOOR) as door, behind_nat(server) as panel, Sound() as at_door, Sound() as at_panel:
        assert (await panel.register()).code == 200
        await door.call(NUMBER, body=at_door.offer)
        invite = await panel.next_request()
        began = time.perf_counter()
        await panel.send(reply_to(invite, "200 OK", f"Contact: <{panel.contact}>\r\n", at_panel.offer))
        at_panel.speak(body_of(invite))
        answer = await door.receive()
        dialog = Dialog(door, answer)
        await dialog.send("ACK")
        at_door.speak(body_of(answer.text))
        await asyncio.gather(at_door.hears(), at_panel.hears())
        seconds = time.perf_counter() - began
        await dialog.send("BYE")
        await panel.send(reply_to(await panel.receive_any("BYE "), "200 OK"))
        assert (await door.receive()).code == 200
        assert (await panel.register("Expires: 0")).code == 200
    return seconds


def behind_nat(server: str) -> SipClient:
    panel = client(server, PANEL)
    panel.place = "10.99.99.99:5060"
    return panel


async def drain(events: aiohttp.ClientWebSocketResponse) -> None:
    """Read what has happened so far."""
    hello = await events.receive_json()
    last = hello["last"]
    while last and (await events.receive_json())["number"] < last:
        pass


async def delivery(server: str, events: aiohttp.ClientWebSocketResponse) -> float:
    """Seconds from the moment that Kamailio gives the event to the client's having it."""
    with client(server, DOOR) as door, client(server, PANEL) as panel:
        assert (await panel.register()).code == 200
        await dial(door)
        incoming = await next_event(events, "incoming")
        seconds = time.time() - datetime.fromisoformat(incoming["at"]).timestamp()
        await decline(door, panel, await panel.next_request())
        await next_event(events, "declined")
    return seconds


async def next_event(events: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    while True:
        event: dict[str, Any] = (await events.receive_json(timeout=10))["event"]
        if event["type"] == kind:
            return event


def client(server: str, username: str) -> SipClient:
    """At an address of its own: so many calls of one would be a flood."""
    return SipClient(server, username, estates.PASSWORD, address=free_host())


async def dial(door: SipClient) -> float:
    """Call the unit; returns when its INVITE left."""
    began = time.perf_counter()
    await door.call(NUMBER)
    return began


async def decline(door: SipClient, panel: SipClient, invite: str) -> None:
    """End the call and sign the panel off, so that the next call finds nobody registered."""
    await panel.send(answer(invite, "603 Decline"))
    await panel.receive_any("ACK ")
    assert (await door.receive()).code == 603
    assert (await panel.register("Expires: 0")).code == 200


def answer(request: str, status: str) -> str:
    kept = "".join(re.findall(r"^(?:Via|Record-Route|From|To|Call-ID|CSeq): .*\r\n", request, re.MULTILINE))
    tagged = re.sub(r"^(To: [^;\r]*)\r\n", r"\1;tag=device\r\n", kept, flags=re.MULTILINE)
    return f"SIP/2.0 {status}\r\n{tagged}Content-Length: 0\r\n\r\n"

# SPDX-License-Identifier: Apache-2.0
"""How long a visitor waits for the ring: a panel that is there, and one that registers while its unit rings."""

from contextlib import AsyncExitStack, closing
from pathlib import Path
import re
import statistics
import time

from stack.ports import free_host

from tests.kamailio.sip_client import SipClient

from . import estates
from .measured import Measured, percentile
from .scale import HOME, Scale
from .snapshot import DataPlane

DOOR, PANEL = estates.door_username(0), estates.panel_username(0)
NUMBER = estates.code_and_number(0)


async def measure(scale: Scale, folder: Path) -> dict[str, Measured]:
    async with AsyncExitStack() as stack:
        directory = stack.enter_context(closing(estates.create(folder / "directory.sqlite", HOME)))
        plane = DataPlane(folder, accounts=5)
        await plane.start(stack)
        await plane.publish(directory)
        server = plane.kamailio.server
        joins = [await join(server) for _ in range(scale.repetitions)]
        rings = [await ring(server) for _ in range(scale.repetitions)]
    return {
        "late-register": Measured(
            percentile(joins, 99) * 1e3,
            f"{len(joins)} calls, 99th percentile; median {statistics.median(joins) * 1e3:.1f} ms",
        ),
        "invite-180": Measured(
            percentile(rings, 99) * 1e3,
            f"{len(rings)} calls, 99th percentile; median {statistics.median(rings) * 1e3:.1f} ms",
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


def client(server: str, username: str) -> SipClient:
    """At an address of its own: so many calls of one would be a flood."""
    return SipClient(server, username, estates.PASSWORD, address=free_host())


async def dial(door: SipClient) -> float:
    """Call the unit; returns when its INVITE left."""
    proof = door.credentials("INVITE", await door.challenge("INVITE", NUMBER))
    began = time.perf_counter()
    await door.send(door.message("INVITE", NUMBER, proof, cseq=2))
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

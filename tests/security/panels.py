# SPDX-License-Identifier: Apache-2.0
"""Many devices of one address that register at the same moment, and repeat what was not answered as RFC 3261 says."""

import asyncio
from contextlib import ExitStack
import time

from tests.kamailio.sip_client import Reply, SipClient

T1, T2 = 0.5, 4.0
GIVE_UP = 32.0


async def come_back(server: str, passwords: dict[str, str], *, realm: str, address: str, seconds: float) -> list[float]:
    """Return after how many seconds each was registered; TimeoutError when one is not within `seconds`."""
    with ExitStack() as stack:
        panels = [stack.enter_context(SipClient(server, *known, address=address)) for known in passwords.items()]
        async with asyncio.timeout(seconds):
            return await asyncio.gather(*(_register(panel, realm) for panel in panels))


async def _register(panel: SipClient, realm: str) -> float:
    began = time.monotonic()
    challenge = {"realm": realm, "nonce": "of-before-the-power-cut"}
    for cseq in range(1, 1000):
        proof = panel.credentials("REGISTER", challenge)
        packet = panel.message("REGISTER", None, proof, cseq=cseq, to=f"sip:{panel.username}@127.0.0.1")
        reply = await _repeat(panel, packet)
        if reply and reply.code == 200:
            return time.monotonic() - began
        if reply and reply.code == 401:
            challenge = reply.challenge()
    raise AssertionError(panel.username)


async def _repeat(panel: SipClient, packet: str) -> Reply | None:
    """The answer to a packet that is sent until there is one; None when there is none in the time that SIP allows."""
    wait, end = T1, time.monotonic() + GIVE_UP
    while time.monotonic() < end:
        await panel.send(packet)
        try:
            return await panel.receive(wait)
        except TimeoutError:
            wait = min(2 * wait, T2)
    return None

# SPDX-License-Identifier: Apache-2.0
"""Calls of a door that end at once, and the events that are told of them (tests/gateway/snapshots.py: the door, units 1 and 2)."""

from stack.gateway import Gateway
from stack.waiting import wait_until

from tests.gateway import outbox
from tests.kamailio.sip_client import SipClient, ack_of, reply_to

type Told = tuple[str, str | None]
"""Type and, where it is told, Call-ID."""


async def call(door: SipClient, number: str, call_id: str) -> int:
    """The code of the refusal."""
    invite = await door.call(number, call_id)
    refusal = await door.receive()
    await door.send(ack_of(invite, refusal.text))
    return refusal.code


async def call_a_busy_panel(door: SipClient, called: SipClient, number: str, call_id: str) -> None:
    invite = await door.call(number, call_id)
    await called.send(reply_to(await called.next_request(), "486 Busy Here"))
    refusal = await door.receive()
    assert refusal.code == 486
    await door.send(ack_of(invite, refusal.text))
    assert (await called.next_request()).startswith("ACK ")


async def make_calls(door: SipClient, panel_1: SipClient, first: int, last: int) -> None:
    for number in range(first, last + 1):
        await call_a_busy_panel(door, panel_1, "1", f"busy-{number}")
        assert await call(door, "999", f"nobody-{number}") == 404


def told_of(first: int, last: int) -> list[Told]:
    """The events of those calls."""
    return [
        event
        for number in range(first, last + 1)
        for event in (
            ("incoming", f"busy-{number}"),
            ("step", None),
            ("refused", None),
            ("missed", None),
            ("denied", f"nobody-{number}"),
        )
    ]


def logged(gateway: Gateway) -> list[Told]:
    return [(event["type"], event["sip_call_id"]) for event in outbox.logged(gateway.data_folder)]


async def logged_last(gateway: Gateway, call_id: str) -> None:
    await wait_until(lambda: logged(gateway)[-1:] == [("denied", call_id)], what=f"the event of {call_id}")

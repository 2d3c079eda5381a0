# SPDX-License-Identifier: Apache-2.0
"""Floods and guessing: what is too much is silenced, and nobody else is held up or banned for it."""

import asyncio
from collections.abc import Callable
import itertools
import time

import pytest
from stack.kamailio import Kamailio, RpcError
from stack.ports import free_host
from stack.waiting import wait_until

from tests.kamailio.conftest import Serve
from tests.kamailio.directories import Snapshot, digests, password_of, real_id
from tests.kamailio.sip_client import SipClient, SipParty

from .panels import come_back

GUESSES = 10
PER_SECOND = 20
WORKERS = 4
"""Each may look before another has counted."""


async def answers_to(client: SipParty, packets: list[str]) -> int:
    """Send all at once; return how many answers came, once none comes any more."""
    for packet in packets:
        await client.send(packet)
    count = 0
    while not await client.hears_nothing(0.5):
        count += 1
    return count


async def guess(client: SipParty, count: int, *, malformed: bool = False) -> list[int | None]:
    """Return the code of each refusal; None where there was no answer."""
    codes: list[int | None] = []
    for number in range(count):
        proof = client.credentials("REGISTER", await client.challenge("REGISTER", None))
        proof = proof.replace('response="', 'response="0') if malformed else proof
        await client.send(client.message("REGISTER", None, proof, cseq=number + 2))
        try:
            codes.append((await client.receive(0.5)).code)
        except TimeoutError:
            codes.append(None)
    return codes


FLOODS: list[tuple[str, Callable[[SipClient], str]]] = [
    ("INVITE", lambda client: client.message("INVITE", "401")),
    ("REGISTER", lambda client: client.message("REGISTER", None)),
    ("OPTIONS", lambda client: client.message("OPTIONS", None)),
    ("MESSAGE", lambda client: client.message("MESSAGE", "401")),
    ("CANCEL", lambda client: client.message("CANCEL", "401")),
    ("BYE", lambda client: client.message("BYE", "401", to_tag="invented")),
    ("invented proofs", lambda client: client.message("INVITE", "401", invented_proof())),
]
_names = itertools.count()


def invented_proof() -> str:
    """Of another name each time, so that none of them guesses too often."""
    name = f"x{next(_names)}"
    return f'Proxy-Authorization: Digest username="{name}", realm="home.example", nonce="n", uri="sip:x", response="0"'


@pytest.mark.parametrize("make", [flood[1] for flood in FLOODS], ids=[flood[0] for flood in FLOODS])
async def test_a_flood_is_not_answered_and_holds_up_nobody_else(
    serve: Serve, home: Snapshot, make: Callable[[SipClient], str]
) -> None:
    kamailio = await serve(home, STRANGERS_PER_SECOND=PER_SECOND)
    with (
        SipClient(kamailio.server, "x", "y", address=free_host()) as flooder,
        SipClient(kamailio.server, "panel-1", address=free_host()) as panel,
    ):
        began = time.time()
        flood = answers_to(flooder, [make(flooder) for _ in range(400)])
        answers, registered = await asyncio.gather(flood, panel.register())
        assert registered.code == 200
        assert answers <= (PER_SECOND + WORKERS) * (int(time.time()) - int(began) + 1)


async def test_who_was_asked_for_a_proof_can_give_it_while_his_network_floods(serve: Serve, home: Snapshot) -> None:
    kamailio = await serve(home, STRANGERS_PER_SECOND=PER_SECOND)
    address = free_host()
    with (
        SipClient(kamailio.server, "panel-1", address=address) as panel,
        SipClient(kamailio.server, "x", address=address) as flooder,
    ):
        challenge = await panel.challenge("REGISTER", None)
        for _ in range(100):
            await flooder.send(flooder.message("INVITE", "401"))
        proof = panel.credentials("REGISTER", challenge)
        packet = panel.message("REGISTER", None, proof, cseq=2, to="sip:panel-1@127.0.0.1")
        assert (await panel.exchange(packet)).code == 200


@pytest.mark.parametrize("name", ["panel-1", "nobody"], ids=["who exists", "who does not"])
@pytest.mark.parametrize("malformed", [False, True], ids=["wrong", "malformed"])
async def test_who_guesses_is_silenced_and_nobody_else(
    serve: Serve, home: Snapshot, name: str, malformed: bool
) -> None:
    """Neither the others of that address, nor the one that the name belongs to anywhere else."""
    kamailio = await serve(home)
    address = free_host()
    with (
        SipClient(kamailio.server, name, "wrong", address=address) as guesser,
        SipClient(kamailio.server, name, address=address) as right,
        SipClient(kamailio.server, "door-1", address=address) as neighbour,
        SipClient(kamailio.server, "panel-1", address=free_host()) as elsewhere,
    ):
        assert await guess(guesser, GUESSES + 2, malformed=malformed) == [401] * GUESSES + [None] * 2
        assert await guess(right, 1) == [None]
        assert (await neighbour.register()).code == 200
        assert (await elsewhere.register()).code == 200


async def test_a_ban_ends(serve: Serve, home: Snapshot) -> None:
    kamailio = await serve(home, BAN_SECONDS=1)
    with SipClient(kamailio.server, "panel-1", "wrong") as guesser, SipClient(kamailio.server, "panel-1") as panel:
        assert (await guess(guesser, GUESSES + 1))[-1] is None

        async def is_back() -> bool:
            try:
                return (await panel.register()).code == 200
            except TimeoutError:
                return False

        await wait_until(is_back, what="the end of the ban")


async def test_a_right_password_clears_earlier_mistakes(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1", "wrong") as wrong, SipClient(kamailio.server, "panel-1") as panel:
        for _ in range(3):
            assert await guess(wrong, GUESSES - 1) == [401] * (GUESSES - 1)
            assert (await panel.register()).code == 200


async def test_a_stale_proof_is_no_guess(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel:
        proof = panel.credentials("REGISTER", await panel.challenge("REGISTER", None))
        for number in range(GUESSES + 2):
            packet = panel.message("REGISTER", None, proof, cseq=number + 2, to="sip:panel-1@127.0.0.1")
            assert (await panel.exchange(packet)).code == (401 if number else 200)
        assert (await panel.register()).code == 200


async def test_panels_behind_one_address_come_back_together_and_none_is_banned(
    serve: Serve, home: Snapshot, is_long: bool
) -> None:
    """As after a power cut: all at the same moment, each with a proof of before that is worth nothing now."""
    names = [f"panel-{number}" for number in range(400 if is_long else 40)]
    kamailio = await serve(with_panels(home, names))
    passwords = {name: password_of(name) for name in names}
    await come_back(kamailio.server, passwords, realm="home.example", address=free_host(), seconds=60)
    assert await banned(kamailio) == []


def with_panels(home: Snapshot, names: list[str]) -> Snapshot:
    """Sixteen panels to a unit."""
    (unit,), (door, panel) = home["units"], home["accounts"]
    units = [
        unit | {"id": real_id(f"unit {number}"), "number": f"{1000 + number}", "name": f"{1000 + number}"}
        for number in range((len(names) + 15) // 16)
    ]
    home["units"] = [unit, *units]
    home["accounts"] = [door, *(panel_of(panel, home, units[at // 16]["id"], name) for at, name in enumerate(names))]
    return home


def panel_of(panel: Snapshot, home: Snapshot, unit_id: str, name: str) -> Snapshot:
    ha1_md5, ha1_sha256 = digests(name, home["directory"]["realm"], password_of(name))
    owner = {"type": "unit", "id": unit_id}
    return panel | {
        "id": real_id(name),
        "username": name,
        "name": name,
        "owner": owner,
        "ha1_md5": ha1_md5,
        "ha1_sha256": ha1_sha256,
    }


async def banned(kamailio: Kamailio) -> list[str]:
    """Names that have reached the limit."""
    try:
        slots = await kamailio.rpc("htable.dump", "guesses")
    except RpcError:
        return []
    return [item["name"] for slot in slots for item in slot["slot"] if item["value"] >= GUESSES]


SCANNERS = ["friendly-scanner", "sipvicious", "sipcli/v1.8", "SIPSAK v0.9.7", "VaxSIPUserAgent/3.1", "sundayddr"]


async def test_known_scanners_are_not_answered(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "x") as scanner:
        for agent in SCANNERS:
            for method in ("OPTIONS", "REGISTER", "INVITE"):
                await scanner.send(scanner.message(method, "401", f"User-Agent: {agent}"))
        assert await scanner.hears_nothing()
        assert (await scanner.exchange(scanner.message("OPTIONS", None, "User-Agent: baresip v1.0"))).code == 200

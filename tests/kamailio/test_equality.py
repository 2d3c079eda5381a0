# SPDX-License-Identifier: Apache-2.0
"""One semantics, two readers: what the core simulates is what Kamailio does, from the decision through every step to the code.

Nobody is registered, voicemail is down and whoever is forwarded to by a URI is busy; a ring second lasts four milliseconds.
NEOLIA_SEED=<number> repeats a run, NEOLIA_DIRECTORIES=<number> makes it longer.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
import os
from pathlib import Path
from random import Random
import time
from typing import Any

import aiohttp
from stack.gateway import Gateway
from stack.kamailio import Kamailio
from stack.ports import free_host
from stack.rtpengine import RtpEngine
from stack.sipp import Party, Sipp
from stack.waiting import wait_until

from . import random_directories
from .directories import password_of
from .random_directories import RandomDirectory
from .sip_client import reply_to
from .tables import push

SEED = int(os.environ.get("NEOLIA_SEED", time.time_ns() % 1_000_000))
DIRECTORIES = int(os.environ.get("NEOLIA_DIRECTORIES", "8"))
CALLS = 100
CALL = Path(__file__).parent / "parties" / "call.xml"

type Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    caller: Json
    dialled: str

    @property
    def party(self) -> Party:
        return Party(self.caller["username"], password_of(self.caller["username"]), self.dialled)


async def test_kamailio_does_what_simulate_says(folder: Path, rtpengine: RtpEngine) -> None:
    print(f"NEOLIA_SEED={SEED}")
    random = Random(SEED)
    seen: Counter[str] = Counter()
    data, run = folder / "data", folder / "run"
    data.mkdir()
    run.mkdir()
    kamailio = Kamailio(data, run, settings={"RING_SECOND": 4, "GUESSES": 10_000, "RTPENGINE": rtpengine.address})
    async with Gateway(data, run) as gateway, kamailio, everybody_is_busy() as host:
        await kamailio.rpc("dns.add_a", "voip.example", 3600, host, 0)
        for number in range(DIRECTORIES):
            file = folder / f"{number}.sqlite"
            made = random_directories.create(file, random, random_directories.utc_now())
            await push(gateway, made.directory.snapshot())
            await wait_until(partial(is_live, gateway), what="the directory in Kamailio")
            seen += await compare(made, random, gateway, kamailio, folder / f"calls-{SEED}-{number}")
            made.directory.close()
        assert kamailio.complaints() == []
    check_that_it_was_worth_it(seen)


async def is_live(gateway: Gateway) -> bool:
    return bool((await gateway.status())["live"])


async def compare(
    made: RandomDirectory, random: Random, gateway: Gateway, kamailio: Kamailio, folder: Path
) -> Counter[str]:
    """Make random calls; return what was seen in them, once both readers have said the same of each."""
    callers = random.choices(made.accounts, k=CALLS)
    calls = [Call(caller, random_directories.dialled(made, random, caller)) for caller in callers]
    at = made.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    simulated = [dict(made.directory.simulate(call.caller["id"], call.dialled, at)) for call in calls]

    first = (await gateway.status())["events"]["last"]
    sipp = Sipp(CALL, kamailio.server, [call.party for call in calls], folder, rate=40)
    assert await sipp.play(seconds=60) == 0, sipp.messages()[-4000:]
    ids = {f"{number}@{folder.name}": number - 1 for number in range(1, CALLS + 1)}
    told = await events_of_calls(
        gateway, first, {call_id for call_id, number in ids.items() if simulated[number]["reason"] != "caller_disabled"}
    )
    differences = [
        f"{calls[ids[call_id]]}\nsimulate: {wanted}\nKamailio: {got}\nrules: {simulated[ids[call_id]]['rules']}"
        for call_id, events in told.items()
        if (wanted := story_of(simulated[ids[call_id]])) != (got := story_of_events(events))
    ]
    assert not differences, "\n\n".join([f"NEOLIA_SEED={SEED}", *differences])
    assert Counter(sipp.final_codes()) == Counter(final_code(simulation) for simulation in simulated)
    return Counter(word for simulation in simulated for word in words(simulation))


@asynccontextmanager
async def everybody_is_busy() -> AsyncIterator[str]:
    """A host whose SIP port answers every call with 486."""

    class Busy(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.DatagramTransport)
            self._transport = transport

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            if data.startswith(b"INVITE "):
                self._transport.sendto(reply_to(data.decode(), "486 Busy Here").encode(), addr)

    host = free_host()
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Busy, local_addr=(host, 5060))
    yield host
    transport.close()


async def events_of_calls(gateway: Gateway, after: int, call_ids: set[str]) -> dict[str, list[Json]]:
    """Return all events of each call, by Call-ID, when every call has its last one; no other call has any."""
    stream = (await gateway.status())["events"]["stream"]
    found: dict[str, list[Json]] = {}
    names: dict[str, str] = {}
    ended: set[str] = set()
    async with (
        aiohttp.ClientSession(headers=gateway.headers) as session,
        session.ws_connect(f"{gateway.url}/v1/events", params={"stream": stream, "after": str(after)}) as socket,
    ):
        while ended != call_ids:
            message = await socket.receive_json(timeout=10)
            if message["type"] != "event":
                continue
            event = message["event"]
            call_id = names.setdefault(event["call_id"], event["sip_call_id"])
            assert call_id in call_ids - ended, message
            found.setdefault(call_id, []).append(event)
            if event["type"] in ("missed", "declined", "denied"):
                ended.add(call_id)
    return found


def story_of(simulation: Json) -> Json:
    """What must be told of a call: its decision, the steps that began with those who were away, the end."""
    steps = [dict(step) for step in simulation["steps"]]
    for step in steps:
        if step["forward_unit_id"] is not None:
            step["usernames"] = None  # an event names the unit alone
    called = {name: simulation["called"][name] for name in ("unit_id", "account_id")}
    return {"steps": steps, **called, "walk": walk(simulation), "end": end_of(simulation)}


def story_of_events(events: list[Json]) -> Json:
    first, last = events[0], events[-1]
    assert [event["type"] for event in events if event["type"] not in ("step", "refused")] in (
        ["incoming", "missed"],
        ["denied"],
    )
    return {
        **{name: first[name] for name in ("unit_id", "account_id")},
        "steps": first["steps"] or [],
        "walk": [
            (event["step"], sorted(absent["username"] for absent in event["away"]))
            for event in events
            if event["type"] == "step"
        ],
        "end": (last["code"], last["reason"]),
    }


def walk(simulation: Json) -> list[tuple[int, list[str]]]:
    """The steps that begin, and who is away in each."""
    begun: list[tuple[int, list[str]]] = []
    for index, step in enumerate(simulation["steps"]):
        if step["action"] != "voicemail":
            begun.append((index, sorted(step["usernames"] or [])))
        if step["action"] == "reject":
            break
    return begun


def end_of(simulation: Json) -> tuple[int, str]:
    if simulation["outcome"] == "denied":
        return int(simulation["code"]), simulation["reason"]
    end = 480, "not_registered"
    for step in simulation["steps"]:
        if step["action"] == "reject":
            return int(step["code"]), "rejected"
        if step["action"] in ("ring", "forward"):
            end = (486, "busy") if step["uri"] is not None else (480, "not_registered")
    return end


def final_code(simulation: Json) -> int:
    """What the caller gets."""
    return 407 if simulation["reason"] == "caller_disabled" else end_of(simulation)[0]


def words(simulation: Json) -> list[str]:
    """What a call has tried: its outcome or its steps, and why rules did not become steps."""
    actions = [f"step {step['action']}" for step in simulation["steps"]]
    reasons = {f"rule {rule['reason']}" for rule in simulation["rules"]}
    account = ["call to an account"] if simulation["called"]["account_id"] else []
    return ["call", simulation["reason"] or "steps", *actions, *reasons, *account]


def check_that_it_was_worth_it(seen: Counter[str]) -> None:
    print(dict(sorted(seen.items())))
    assert seen["steps"] >= 0.3 * seen["call"]
    for word in (
        *("caller_disabled", "no_rule", "unknown_number", "call to an account"),
        *("step ring", "step forward", "step voicemail", "step reject"),
        *("rule off", "rule other_source", "rule other_time", "rule nobody_to_ring", "rule do_not_disturb"),
        "rule too_many_steps",
    ):
        assert seen[word] > 0, f"no call has tried: {word}"

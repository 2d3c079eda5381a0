# SPDX-License-Identifier: Apache-2.0
"""One semantics, two readers: what the core simulates is what Kamailio does.

NEOLIA_SEED=<number> repeats a run, NEOLIA_DIRECTORIES=<number> makes it longer.
"""

from collections import Counter
from dataclasses import dataclass
import os
from pathlib import Path
from random import Random
import time
from typing import Any

import aiohttp
from stack.gateway import Gateway
from stack.kamailio import Kamailio
from stack.sipp import Party, Sipp

from . import random_directories
from .directories import password_of
from .random_directories import RandomDirectory
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


async def test_kamailio_does_what_simulate_says(folder: Path) -> None:
    print(f"NEOLIA_SEED={SEED}")
    random = Random(SEED)
    seen: Counter[str] = Counter()
    data, run = folder / "data", folder / "run"
    data.mkdir()
    run.mkdir()
    async with Gateway(data, run) as gateway, Kamailio(data, run) as kamailio:
        for number in range(DIRECTORIES):
            file = folder / f"{number}.sqlite"
            made = random_directories.create(file, random, random_directories.utc_now())
            await push(gateway, made.directory.snapshot())
            seen += await compare(made, random, gateway, kamailio, folder / f"calls-{SEED}-{number}")
            made.directory.close()
        assert kamailio.complaints() == []
    check_that_it_was_worth_it(seen)


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
    decided = await decisions(
        gateway, first, {call_id for call_id, number in ids.items() if simulated[number]["reason"] != "caller_disabled"}
    )
    differences = [
        f"{calls[ids[call_id]]}\nsimulate: {wanted}\nKamailio: {got}\nrules: {simulated[ids[call_id]]['rules']}"
        for call_id, event in decided.items()
        if (wanted := decision_of(simulated[ids[call_id]])) != (got := decision_of_event(event))
    ]
    assert not differences, "\n\n".join([f"NEOLIA_SEED={SEED}", *differences])
    assert Counter(sipp.final_codes()) == Counter(final_code(simulation) for simulation in simulated)
    return Counter(word for simulation in simulated for word in words(simulation))


async def decisions(gateway: Gateway, after: int, call_ids: set[str]) -> dict[str, Json]:
    """Return the event that tells the decision of each call, by Call-ID; exactly one for each, none for others."""
    stream = (await gateway.status())["events"]["stream"]
    found: dict[str, Json] = {}
    async with (
        aiohttp.ClientSession(headers=gateway.headers) as session,
        session.ws_connect(f"{gateway.url}/v1/events", params={"stream": stream, "after": str(after)}) as socket,
    ):
        while found.keys() != call_ids:
            message = await socket.receive_json(timeout=10)
            if message["type"] == "event" and message["event"]["type"] in ("incoming", "denied"):
                call_id = message["event"]["sip_call_id"]
                assert call_id in call_ids - found.keys(), message
                found[call_id] = message["event"]
    return found


def decision_of(simulation: Json) -> Json:
    steps = [dict(step) for step in simulation["steps"]]
    for step in steps:
        if step["forward_unit_id"] is not None:
            step["usernames"] = None  # an event names the unit alone
    called = {name: simulation["called"][name] for name in ("unit_id", "account_id")}
    return {"code": simulation["code"], "reason": simulation["reason"], "steps": steps, **called}


def decision_of_event(event: Json) -> Json:
    return {
        **{name: event[name] for name in ("code", "reason", "unit_id", "account_id")},
        "steps": event["steps"] or [],
    }


def final_code(simulation: Json) -> int:
    """What the caller gets while nobody is registered."""
    if simulation["reason"] == "caller_disabled":
        return 407
    if simulation["outcome"] == "denied":
        return int(simulation["code"])
    for step in simulation["steps"]:
        if step["action"] == "reject":
            return int(step["code"])
        if step["action"] == "ring":
            return 480
    return 480


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

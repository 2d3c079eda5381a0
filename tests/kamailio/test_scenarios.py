# SPDX-License-Identifier: Apache-2.0
"""Every folder of scenarios/: a directory, devices played by SIPp, one call, and what must come of it.

`devices` of an expectation: username → the party that it plays, or `{"plays", "registers_after"}` for one that registers so
many seconds after the caller began. `elsewhere`: `address:port` → the party of somebody who is no account (a SIP URI, the
gateway's agent). `sys`: what the gateway keeps in Kamailio's table of that name. `step_seconds`: how long each step lasted.
"""

import asyncio
from contextlib import AsyncExitStack
import json
from pathlib import Path
import socket
from typing import Any

import pytest
from stack.kamailio import Kamailio
from stack.ports import free_port
from stack.sipp import Party, Sipp
from stack.waiting import wait_until

from . import directories, outbox
from .conftest import Serve

HERE = Path(__file__).parent
SCENARIOS = sorted(path.name for path in (HERE / "scenarios").iterdir() if path.is_dir())
FINAL_EVENTS = {"missed", "declined", "denied", "ended"}
NOT_OF_A_CALL = {"registered", "unregistered"}
STEP_TOLERANCE = 0.5


class Device:
    """A registered device that plays a party; "silent" fails the test when anything reaches it."""

    def __init__(
        self, scenario: Path, folder: Path, kamailio: Kamailio, username: str, plays: str, registers_after: float = 0
    ) -> None:
        self.username = username
        self.registers_after = registers_after
        self._plays = plays
        party = [Party(username, directories.password_of(username))]
        port = free_port()
        register = HERE / "parties" / "register.xml"
        self._register = Sipp(register, kamailio.server, party, folder / f"register-{username}", port=port)
        self._silence = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._play = Sipp(party_file(scenario, plays), kamailio.server, party, folder / username, port=port)

    async def start(self) -> None:
        assert await self._register.play() == 0, self._register.messages()
        assert self._register.final_codes() == [200]
        if self._plays == "silent":
            self._silence.bind(("127.0.0.1", self._play.port))
            self._silence.setblocking(False)
        else:
            await self._play.start()

    async def check(self) -> None:
        """Everything went as this device's file has it."""
        if self._plays == "silent":
            with pytest.raises(BlockingIOError):
                self._silence.recv(1)
        else:
            assert await self._play.wait() == 0, f"{self.username}\n{self._play.messages()}"

    async def stop(self) -> None:
        self._silence.close()
        await self._play.stop()


def device_of(scenario: Path, folder: Path, kamailio: Kamailio, username: str, plays: str | dict[str, Any]) -> Device:
    return Device(scenario, folder, kamailio, username, **({"plays": plays} if isinstance(plays, str) else plays))


def elsewhere(scenario: Path, folder: Path, kamailio: Kamailio, place: str, plays: str) -> Sipp:
    """Somebody who listens at `address:port` and is no account."""
    address, port = place.split(":")
    party = [Party("elsewhere", "")]
    return Sipp(party_file(scenario, plays), kamailio.server, party, folder / place, address=address, port=int(port))


def party_file(scenario: Path, name: str) -> Path:
    own = scenario / f"{name}.xml"
    return own if own.exists() else HERE / "parties" / f"{name}.xml"


@pytest.mark.parametrize("name", SCENARIOS)
async def test_scenario(name: str, serve: Serve, folder: Path) -> None:
    scenario = HERE / "scenarios" / name
    expected = json.loads((scenario / "expectation.json").read_text())
    kamailio = await serve(directories.load(scenario / "directory.json"), **expected.get("settings", {}))
    for name_of_flag, value in expected.get("sys", {}).items():
        await kamailio.rpc("htable.sets", "sys", name_of_flag, value)
    async with AsyncExitStack() as running:
        devices = [device_of(scenario, folder, kamailio, *item) for item in expected["devices"].items()]
        others = [elsewhere(scenario, folder, kamailio, *item) for item in expected.get("elsewhere", {}).items()]
        for part in (*devices, *others):
            running.push_async_callback(part.stop)
        await asyncio.gather(*(device.start() for device in devices if not device.registers_after))
        await asyncio.gather(*(other.start() for other in others))

        caller = Sipp(
            party_file(scenario, expected["call"]["plays"]),
            kamailio.server,
            [caller_of(expected["call"])],
            folder / "caller",
        )
        running.push_async_callback(caller.stop)
        await caller.start()
        await asyncio.gather(*(late(device) for device in devices if device.registers_after))
        assert await caller.wait() == 0, caller.messages()
        assert caller.final_codes() == [expected["final"]]
        for device in devices:
            await device.check()
        for other in others:
            assert await other.wait() == 0, other.messages()
        await check_events(kamailio, expected)
    assert kamailio.complaints() == []


async def late(device: Device) -> None:
    await asyncio.sleep(device.registers_after)
    await device.start()


def caller_of(call: dict[str, str]) -> Party:
    password = call.get("password", directories.password_of(call["username"]))
    return Party(call["username"], password, call["dials"], call.get("from_user"))


async def check_events(kamailio: Kamailio, expected: dict[str, Any]) -> None:
    def of_the_call() -> list[outbox.Event]:
        return [event for event in outbox.read(kamailio.data_folder) if event["type"] not in NOT_OF_A_CALL]

    def arrived() -> bool:
        events = of_the_call()
        return bool(events) and events[-1]["type"] in FINAL_EVENTS

    if expected["events"]:
        await wait_until(arrived, what="the last event of the call")
    events = of_the_call()
    assert len({event["call"] for event in events}) == bool(events)
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    assert sorted(event["by"] for event in events if event["type"] == "ringing") == expected["rang"]
    match_all(events, expected["events"])
    if "step_seconds" in expected:
        check_step_seconds(events, expected["step_seconds"])


def check_step_seconds(events: list[outbox.Event], expected: list[float]) -> None:
    """From the beginning of each step to the next one's, or to the end of the call."""
    began = [event["at"] for event in events if event["type"] == "step"]
    lasted = [(end - begin) / 1e6 for begin, end in zip(began, [*began[1:], events[-1]["at"]], strict=True)]
    for seconds, wanted in zip(lasted, expected, strict=False):
        assert abs(seconds - wanted) <= STEP_TOLERANCE, f"{lasted} instead of {expected}"


def match_all(events: list[outbox.Event], expected: list[Any]) -> None:
    """An expected event names the fields that matter; a list of them may come in any order."""
    flat = [event for item in expected for event in (item if isinstance(item, list) else [item])]
    assert [event["type"] for event in events] == [event["type"] for event in flat]
    rest = list(events)
    for item in expected:
        group = item if isinstance(item, list) else [item]
        seen, rest = rest[: len(group)], rest[len(group) :]
        for wanted in group:
            assert any(wanted.items() <= event.items() for event in seen), f"{wanted} is not in {seen}"

# SPDX-License-Identifier: Apache-2.0
"""Every folder of scenarios/: a directory, devices played by SIPp, one call, and what must come of it.

expectation.json, besides what its fields' names say:
  devices   username (`panel-1/2`: the second device of panel-1) -> the party that it plays, "silent" fails when anything
            reaches it; or {"plays", "after": an event}: it registers when that event has come
  agents    "voicemail" or "front.example" (a domain that a rule forwards to) -> a party
  sys       entries of the htable, as the gateway sets them
  rings     username -> seconds from its INVITE to its CANCEL
  events    see match_all; `away` and `steps` as lists
"""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime
import json
from pathlib import Path
import re
import socket
from typing import Any

import pytest
from stack.kamailio import Kamailio
from stack.ports import free_host, free_port
from stack.sipp import Party, Sipp
from stack.waiting import wait_until

from . import directories, outbox
from .conftest import Serve
from .sip_client import SipClient

HERE = Path(__file__).parent
SCENARIOS = sorted(path.name for path in (HERE / "scenarios").iterdir() if path.is_dir())
FINAL_EVENTS = {"missed", "declined", "denied", "ended"}
RING_TOLERANCE = 0.5


class Player:
    """A party that waits for its call."""

    def __init__(self, name: str, scenario: Path, folder: Path, kamailio: Kamailio, plays: str) -> None:
        self.name = name
        self.address = "127.0.0.1"
        self.port = free_port()
        self._scenario = scenario
        self._folder = folder / name.replace("/", "-")
        self._kamailio = kamailio
        self._plays = plays
        self._silence = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sipp: Sipp | None = None

    async def listen(self) -> None:
        if self._plays == "silent":
            self._silence.bind((self.address, self.port))
            self._silence.setblocking(False)
            return
        file = party_file(self._scenario, self._plays)
        party = [Party(self.name, "")]
        self._sipp = Sipp(file, self._kamailio.server, party, self._folder, address=self.address, port=self.port)
        await self._sipp.start()
        await wait_until(lambda: not is_free(self.address, self.port), what=f"{self.name} on its port")

    async def check(self) -> None:
        """Everything went as this party's file has it."""
        if self._sipp is None:
            with pytest.raises(BlockingIOError):
                self._silence.recv(1)
        else:
            assert await self._sipp.wait() == 0, f"{self.name}\n{self._sipp.messages()}"

    def seconds_of_ringing(self) -> float:
        """Return the time between the first INVITE and the first CANCEL."""
        assert self._sipp is not None
        times = re.findall(
            r"^-+ (\S+ \S+)\nUDP message received .*\n\n(INVITE|CANCEL) ", self._sipp.messages(), re.MULTILINE
        )
        first = {method: datetime.fromisoformat(time) for time, method in reversed(times)}
        return (first["CANCEL"] - first["INVITE"]).total_seconds()

    async def stop(self) -> None:
        self._silence.close()
        if self._sipp is not None:
            await self._sipp.stop()


class Device(Player):
    """A registered device."""

    def __init__(
        self, scenario: Path, folder: Path, kamailio: Kamailio, name: str, plays: str | dict[str, Any]
    ) -> None:
        told: dict[str, Any] = {"plays": plays} if isinstance(plays, str) else plays
        super().__init__(name, scenario, folder, kamailio, told["plays"])
        self.username = name.split("/")[0]
        self._after: outbox.Event | None = told.get("after")

    @property
    def is_late(self) -> bool:
        return self._after is not None

    async def register(self) -> None:
        """Register when its time has come, as the listening party."""
        if self._after is not None:
            await wait_until(self._has_time_come, seconds=30, what=f"the event before {self.name}")
        with SipClient(self._kamailio.server, self.username) as client:
            reply = await client.register(f"Contact: <sip:{self.username}@{self.address}:{self.port}>")
        assert reply.code == 200, reply.text

    def _has_time_come(self) -> bool:
        after = self._after or {}
        return any(after.items() <= event.items() for event in outbox.read(self._kamailio.data_folder))


def is_free(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def party_file(scenario: Path, name: str) -> Path:
    own = scenario / f"{name}.xml"
    return own if own.exists() else HERE / "parties" / f"{name}.xml"


@pytest.mark.parametrize("name", SCENARIOS)
async def test_scenario(name: str, serve: Serve, folder: Path) -> None:
    scenario = HERE / "scenarios" / name
    expected = json.loads((scenario / "expectation.json").read_text())
    voicemail_port = free_port()
    kamailio = await serve(
        directories.load(scenario / "directory.json"), VOICEMAIL_ADDRESS=f"127.0.0.1:{voicemail_port}"
    )
    for key, value in expected.get("sys", {}).items():
        await kamailio.rpc("htable.sets", "sys", key, value)
    async with AsyncExitStack() as running:
        devices = [Device(scenario, folder, kamailio, *device) for device in expected["devices"].items()]
        agents = [
            Player(agent, scenario, folder, kamailio, plays) for agent, plays in expected.get("agents", {}).items()
        ]
        for agent in agents:
            if agent.name == "voicemail":
                agent.port = voicemail_port
            else:
                agent.address, agent.port = free_host(), 5060
                await kamailio.rpc("dns.add_a", agent.name, 600, agent.address, 0)
        for player in (*devices, *agents):
            running.push_async_callback(player.stop)
            await player.listen()
        await asyncio.gather(*(device.register() for device in devices if not device.is_late))

        caller = Sipp(
            party_file(scenario, expected["call"]["plays"]),
            kamailio.server,
            [caller_of(expected["call"])],
            folder / "caller",
        )
        running.push_async_callback(caller.stop)
        async with asyncio.TaskGroup() as tasks:
            for device in devices:
                if device.is_late:
                    tasks.create_task(device.register())
            code = await caller.play(seconds=45)
        assert code == 0, caller.messages()
        assert caller.final_codes() == [expected["final"]]
        for player in (*devices, *agents):
            await player.check()
        for device in devices:
            if (seconds := expected.get("rings", {}).get(device.name)) is not None:
                assert abs(device.seconds_of_ringing() - seconds) <= RING_TOLERANCE
        await check_events(kamailio, expected)
    assert kamailio.complaints() == []


def caller_of(call: dict[str, str]) -> Party:
    password = call.get("password", directories.password_of(call["username"]))
    return Party(call["username"], password, call["dials"], call.get("from_user"))


async def check_events(kamailio: Kamailio, expected: dict[str, Any]) -> None:
    def arrived() -> bool:
        events = outbox.read(kamailio.data_folder)
        return bool(events) and events[-1]["type"] in FINAL_EVENTS

    if expected["events"]:
        await wait_until(arrived, what="the last event of the call")
    events = outbox.read(kamailio.data_folder)
    assert len({event["call"] for event in events}) == bool(events)
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    assert sorted(event["by"] for event in events if event["type"] == "ringing") == expected["rang"]
    match_all(events, expected["events"])


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

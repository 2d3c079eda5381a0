# SPDX-License-Identifier: Apache-2.0
"""A visitor presses the button of flat 401: who rings, who answers, what Home Assistant sees."""

import asyncio
from dataclasses import dataclass, field
import time

from .agents import Agent
from .dashboard import entity_ids
from .directory_commands import DOMAIN
from .estate import PANELS, Estate
from .home_assistant_api import HomeAssistantApi, HomeAssistantWebSocket, Json
from .waiting import wait_until

DOOR = "door-a"
NUMBER = "401"
ANSWERING = "panel-401-kitchen"


@dataclass
class Transcript:
    """Says what happens, with the seconds since the start, and counts what was checked."""

    passed: int = 0
    failed: int = 0
    _began: float = field(default_factory=time.monotonic)

    def say(self, text: str) -> None:
        print(f"{time.monotonic() - self._began:7.2f}  {text}", flush=True)

    def check(self, text: str, *, true: bool = True) -> None:
        """Say what was seen to be true; RuntimeError when it is not."""
        if not true:
            raise RuntimeError(f"not true: {text}")
        self.passed += 1
        self.say(text)


class Visit:
    """One call from the door station to the flat, again and again."""

    def __init__(
        self,
        transcript: Transcript,
        api: HomeAssistantApi,
        socket: HomeAssistantWebSocket,
        estate: Estate,
        agents: dict[str, Agent],
    ) -> None:
        self._transcript = transcript
        self._api = api
        self._socket = socket
        self._unit = estate.units[NUMBER]
        self._agents = agents
        self._rung = [agents[name] for name, number in PANELS.items() if number == NUMBER]
        self._quiet = [agents[name] for name, number in PANELS.items() if number != NUMBER]

    async def prepare(self) -> None:
        """Find the doorbell's entity and follow the calls."""
        self._doorbell = (await entity_ids(self._socket))[self._unit["id"], "doorbell"]
        self._events = await self._socket.subscribe("subscribe_events", event_type=f"{DOMAIN}_call")

    async def take_place(self, talk_seconds: float) -> None:
        """The call from the button to the hang-up; RuntimeError or TimeoutError when something does not happen."""
        marks = {agent.username: len(agent.events) for agent in self._agents.values()}
        door = self._agents[DOOR]
        self._transcript.say(f"{DOOR} calls {NUMBER}")
        door.dial(NUMBER)
        for panel in self._rung:
            await panel.rings(since=marks[panel.username])
            self._transcript.check(f"{panel.username} rings")
        await self._check_doorbell()

        panel = self._agents[ANSWERING]
        panel.answer()
        await door.event("CALL_ESTABLISHED", since=marks[DOOR])
        for other in self._rung:
            if other is not panel:
                await other.event("CALL_CLOSED", since=marks[other.username])
        self._transcript.check(f"{ANSWERING} answers, nobody else of {NUMBER} rings any more")
        answered = await self._event("answered")
        self._transcript.check(f"Home Assistant: answered by {answered['by']}", true=answered["by"] == ANSWERING)

        await asyncio.sleep(talk_seconds)
        door.hang_up()
        ended = await self._event("ended")
        self._transcript.check(f"Home Assistant: ended, {ended['reason']}")
        disturbed = [agent.username for agent in self._quiet if agent.count("CALL_INCOMING", marks[agent.username])]
        self._transcript.check("no panel of another flat rang", true=not disturbed)

    async def _check_doorbell(self) -> None:
        """The entity fired with the data of this very call."""
        call = await self._event("incoming")

        async def fired() -> Json | None:
            state = await self._api.state(self._doorbell)
            return state if state["attributes"].get("call_id") == call["call_id"] else None

        state = await wait_until(fired, seconds=5, what=f"a ring at {self._doorbell}")
        assert state
        seen = {name: state["attributes"].get(name) for name in ("event_type", "caller", "door", "unit")}
        expected = {"event_type": "ring", "caller": DOOR, "door": "Front door A", "unit": self._unit["name"]}
        self._transcript.check(f"Home Assistant: {self._doorbell} {seen}", true=seen == expected)

    async def _event(self, kind: str) -> Json:
        """The next event of a kind on Home Assistant's bus."""
        async with asyncio.timeout(5):
            while True:
                event: Json = (await self._events.get())["data"]
                if event["type"] == kind:
                    return event

# SPDX-License-Identifier: Apache-2.0
"""What the demo checks: an answered call with sound and picture, a message, a stranger who is denied."""

import asyncio
import base64
from pathlib import Path

from .agents import Agent
from .browser_panel import BrowserPanel
from .dashboard import entity_ids
from .directory_commands import DOMAIN, DirectoryCommands
from .estate import PANELS, Estate
from .home_assistant_api import HomeAssistantApi, HomeAssistantWebSocket, Json
from .media_files import playable_seconds
from .transcript import Transcript
from .waiting import wait_until

DOOR = "door-a"
NUMBER = "401"
BROWSER = "panel-401-hall"
PHONE = "panel-401-kitchen"
MESSAGE_NUMBER = "402"
STRANGER = "panel-101"
ENOUGH = {"audio_received": 50, "audio_sent": 50, "video_received": 10, "video_sent": 10, "frames_decoded": 1}
ENOUGH_AT_THE_DOOR = 50
MESSAGE_SECONDS = 3.0


class Visit:
    """Visitors at the front door of house A, again and again."""

    def __init__(
        self,
        transcript: Transcript,
        api: HomeAssistantApi,
        socket: HomeAssistantWebSocket,
        commands: DirectoryCommands,
        estate: Estate,
        agents: dict[str, Agent],
        folder: Path,
    ) -> None:
        """`folder` takes the messages that visitors leave."""
        self._transcript = transcript
        self._api = api
        self._socket = socket
        self._commands = commands
        self._estate = estate
        self._agents = agents
        self._folder = folder
        self._quiet = [agents[name] for name, number in PANELS.items() if number != NUMBER]

    async def prepare(self) -> None:
        """Find the doorbell's entity and follow the calls."""
        self._doorbell = (await entity_ids(self._socket))[self._estate.units[NUMBER]["id"], "doorbell"]
        self._events = await self._socket.subscribe("subscribe_events", event_type=f"{DOMAIN}_call")

    async def answered(self, browser: BrowserPanel) -> None:
        """The door calls 401; a browser answers; both see and hear the other."""
        check = self._transcript.check
        marks = {agent.username: len(agent.events) for agent in self._agents.values()}
        door, phone = self._agents[DOOR], self._agents[PHONE]
        self._transcript.say(f"{DOOR} calls {NUMBER}")
        door.dial(NUMBER)
        await browser.event("call")
        check(f"{BROWSER} rings, in a browser")
        await phone.rings(since=marks[PHONE])
        check(f"{PHONE} rings")
        await self._check_doorbell()

        await browser.click("answer")
        await browser.event("confirmed")
        await phone.event("CALL_CLOSED", since=marks[PHONE])
        check("the browser answers, the phone rings no more")
        answered = await self._event("answered")
        check(f"Home Assistant: answered by {answered['by']}", true=answered["by"] == BROWSER)
        media = await browser.received(**ENOUGH)
        check(f"RTP at the browser: {media}")
        await door.hears(ENOUGH_AT_THE_DOOR)
        check(f"RTP at the door: at least {ENOUGH_AT_THE_DOOR} packets")

        door.hang_up()
        ended = await self._event("ended")
        check(
            f"Home Assistant: ended, {ended['reason']}, {ended['packets']} packets relayed", true=bool(ended["packets"])
        )
        disturbed = [agent.username for agent in self._quiet if agent.count("CALL_INCOMING", marks[agent.username])]
        check("no panel of another flat rang", true=not disturbed)

    async def message_left(self) -> None:
        """Nobody answers at 402 for five seconds; the visitor leaves a message."""
        await self._ring_for(5)
        door = self._agents[DOOR]
        self._transcript.say(f"{DOOR} calls {MESSAGE_NUMBER}, where nobody answers")
        door.dial(MESSAGE_NUMBER)
        answered = await self._event("answered", seconds=20)
        self._transcript.check("voicemail answers", true=answered["by"] == "voicemail")
        await asyncio.sleep(await self._greeting_seconds() + MESSAGE_SECONDS)
        door.hang_up()
        message = await self._event("message", seconds=20)
        file = await self.fetch(message)
        self._transcript.check(
            f"a message of {message['seconds']} s with video: {message['video']}; it plays: {file.name}"
        )

    async def denied(self) -> None:
        """A panel of the other house calls a flat that no rule opens to it."""
        stranger = self._agents[STRANGER]
        mark = len(stranger.events)
        stranger.dial(f"A{NUMBER}")
        closed = await stranger.event("CALL_CLOSED", since=mark)
        denied = await self._event("denied")
        self._transcript.check(
            f"{STRANGER} calls A{NUMBER}: {closed['param']}, {denied['reason']}", true=denied["reason"] == "no_rule"
        )

    async def follow(self) -> None:
        """The door calls 401 and stays until the call is over; says all that Home Assistant hears."""
        self._transcript.say(f"{DOOR} calls {NUMBER}: answer in the browser, or let it ring for voicemail")
        self._agents[DOOR].dial(NUMBER)
        answered_by = None
        while (event := await self._told())["type"] not in ("ended", "missed", "declined", "denied"):
            if event["type"] == "answered" and (answered_by := event["by"]) == "voicemail":
                asyncio.get_running_loop().call_later(15, self._agents[DOOR].hang_up)
        if answered_by == "voicemail":
            self._transcript.say(f"the message: {await self.fetch(await self._told())}")

    async def _told(self) -> Json:
        """Return what Home Assistant hears next, and say it."""
        event: Json = (await self._events.get())["data"]
        facts = {name: event[name] for name in ("by", "code", "reason", "step") if event[name] is not None}
        self._transcript.say(f"Home Assistant: {event['type']} {facts or ''}")
        return event

    async def fetch(self, event: Json) -> Path:
        """Write the message into a file that players know; RuntimeError when it is not playable."""
        media = await self._commands.call("message/fetch", message_id=event["message_id"])
        file = self._folder / f"message-{event['message_id']}.{'mp4' if event['video'] else 'm4a'}"
        file.write_bytes(base64.b64decode(media["data"]))
        if await playable_seconds(file) < 1:
            raise RuntimeError(f"{file} is empty")
        return file

    async def _ring_for(self, seconds: int) -> None:
        owner = {"type": "site", "id": self._estate.site["id"]}
        for rule in await self._commands.call("rule/list", filter={"owner": owner}):
            if rule["action"] == "ring":
                await self._commands.update("rule", rule["id"], ring_seconds=seconds)
        await self._commands.wait_until_live()

    async def _greeting_seconds(self) -> float:
        return 8.0

    async def _check_doorbell(self) -> None:
        """The entity fired with the data of this very call."""
        call = await self._event("incoming")

        async def fired() -> Json | None:
            state = await self._api.state(self._doorbell)
            return state if state["attributes"].get("call_id") == call["call_id"] else None

        state = await wait_until(fired, seconds=5, what=f"a ring at {self._doorbell}")
        assert state
        seen = {name: state["attributes"].get(name) for name in ("event_type", "caller", "door", "unit")}
        unit = self._estate.units[NUMBER]["name"]
        expected = {"event_type": "ring", "caller": DOOR, "door": "Front door A", "unit": unit}
        self._transcript.check(f"Home Assistant: {self._doorbell} {seen}", true=seen == expected)

    async def _event(self, kind: str, seconds: float = 5.0) -> Json:
        """The next event of a kind on Home Assistant's bus."""
        async with asyncio.timeout(seconds):
            while True:
                event: Json = (await self._events.get())["data"]
                if event["type"] == kind:
                    return event

# SPDX-License-Identifier: Apache-2.0
"""Door stations and panels as real SIP devices: baresip, driven through its own JSON port.

Without `media` nothing plays or records; the device still registers, rings, answers and hangs up like any phone. With it, it
sends a tone and a moving picture (PCMU, H.264).
"""

import asyncio
import contextlib
import json
from pathlib import Path
from typing import Any

from .namespaces import Namespace, command_in, open_connection
from .ports import free_port
from .processes import Process
from .waiting import wait_until

type Event = dict[str, Any]

MODULES = "/usr/lib/baresip/modules"
SETTINGS = f"""\
poll_method epoll
net_interface {{interface}}
call_max_calls 4
rtp_ports 10000-14900
module_path {MODULES}
module g711.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{{control_port}}
"""
MEDIA = """\
audio_source ausine,440
audio_player aubridge,device
audio_alert aubridge,device
ausrc_srate 48000
auplay_srate 48000
ausrc_channels 2
auplay_channels 2
video_source fakevideo,fake
video_display fakevideo,fake
video_size 320x240
video_fps 10
module ausine.so
module aubridge.so
module avcodec.so
module fakevideo.so
"""


class Agent:
    """One device of one account, by default on the loopback. `events` is what it saw, oldest first."""

    def __init__(
        self,
        folder: Path,
        username: str,
        password: str,
        server: str,
        *,
        media: bool = False,
        namespace: Namespace | None = None,
        interface: str = "127.0.0.1",
    ) -> None:
        """`server` is `host:port` of Kamailio."""
        self._media = media
        self._namespace = namespace
        self._interface = interface
        self.username = username
        self.events: list[Event] = []
        self._folder = folder
        self._account = f"sip:{username}@{server}"
        self._password = password
        self._process: Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the device; it has no account yet and registers nowhere."""
        port = free_port()
        self._folder.mkdir(parents=True)
        settings = SETTINGS.format(control_port=port, interface=self._interface) + (MEDIA if self._media else "")
        (self._folder / "config").write_text(settings)
        log = self._folder / "console.log"
        command = command_in(self._namespace, ["baresip", "-f", str(self._folder), "-s"])
        self._process = process = await Process.start(self.username, *command, log=log)

        async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
            process.check()
            with contextlib.suppress(OSError):
                return await open_connection(self._namespace, "127.0.0.1", port)
            return None

        connection = await wait_until(connect, what=f"the control port of {self.username}")
        assert connection
        reader, self._writer = connection
        self._reading = asyncio.create_task(self._read(reader))

    async def stop(self) -> None:
        """Sign off and end; harmless when it does not run."""
        if self._reading:
            self._reading.cancel()
        if self._writer:
            self._writer.close()
        if self._process:
            await self._process.stop(3)

    async def register(self, every: int = 600) -> None:
        """Sign in to Kamailio, again every so many seconds; RuntimeError with the SIP answer when it is refused."""
        mark = len(self.events)
        self._command("uanew", f"<{self._account}>;auth_user={self.username};auth_pass={self._password};regint={every}")
        answer = await self.event("REGISTER_OK", "REGISTER_FAIL", since=mark)
        if answer["type"] != "REGISTER_OK":
            raise RuntimeError(f"{self.username} was not registered: {answer['param']}")

    def dial(self, number: str) -> None:
        self._command("dial", number)

    def answer(self) -> None:
        self._command("accept")

    def hold(self) -> None:
        self._command("hold")

    def resume(self) -> None:
        self._command("resume")

    def hang_up(self) -> None:
        """End the call; a ringing one is refused (486 at a called device), a dialled one is cancelled."""
        self._command("hangup")

    async def rings(self, since: int = 0, seconds: float = 5.0) -> Event:
        """Wait until a call comes in."""
        return await self.event("CALL_INCOMING", since=since, seconds=seconds)

    async def hears(self, packets: int, seconds: float = 15.0) -> None:
        """Wait until its own statistics, which it makes every few seconds, count so many packets of sound received."""
        await self._receives("audio", packets, seconds)

    async def sees(self, packets: int, seconds: float = 15.0) -> None:
        """The same of its picture."""
        await self._receives("video", packets, seconds)

    async def _receives(self, medium: str, packets: int, seconds: float) -> None:

        def counted() -> bool:
            reports = [event for event in self.events if event["type"] == "CALL_RTCP" and event["param"] == medium]
            return any(report["rtcp_stats"]["rx"]["sent"] >= packets for report in reports)

        await wait_until(counted, seconds=seconds, what=f"{packets} packets of {medium} at {self.username}")

    def count(self, kind: str, since: int = 0) -> int:
        """How many events of a type it saw after the first `since` ones."""
        return sum(event["type"] == kind for event in self.events[since:])

    async def event(self, *kinds: str, since: int = 0, seconds: float = 5.0) -> Event:
        """Wait for the first event of one of these types (baresip's names) after the first `since` ones."""

        def found() -> Event | None:
            return next((event for event in self.events[since:] if event["type"] in kinds), None)

        event = await wait_until(found, seconds=seconds, every=0.005, what=f"{' or '.join(kinds)} at {self.username}")
        assert event
        return event

    def _command(self, command: str, parameters: str = "") -> None:
        """Send a command as a netstring."""
        if self._writer is None:
            raise RuntimeError(f"{self.username} does not run")
        message = json.dumps({"command": command, "params": parameters}).encode()
        self._writer.write(b"%d:%b," % (len(message), message))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                length = int((await reader.readuntil(b":"))[:-1])
                message = json.loads((await reader.readexactly(length + 1))[:-1])
                if message.get("event"):
                    self.events.append(message)

# SPDX-License-Identifier: Apache-2.0
"""SIP devices and callers played by SIPp: one scenario file, one line of parameters per call."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
import re
from typing import Self

from .ports import free_port
from .processes import Process


@dataclass(frozen=True)
class Party:
    """One line of parameters: [field0] username, [field1] what it dials, [field2] its credentials, [field3] From."""

    username: str
    password: str
    dials: str = ""
    from_user: str | None = None

    def line(self) -> str:
        credentials = f"[authentication username={self.username} password={self.password}]"
        return ";".join((self.username, self.dials, credentials, self.from_user or self.username, ""))


class Sipp:
    """A SIPp process that plays `scenario` once for every party, one after the other unless `rate` says otherwise."""

    def __init__(
        self,
        scenario: Path,
        server: str,
        parties: Sequence[Party],
        folder: Path,
        *,
        address: str = "127.0.0.1",
        port: int | None = None,
        rate: int = 10,
    ) -> None:
        """`folder` (made here) takes logs; `address` and `port` are where it listens. The Call-ID of the n-th party is `n@<folder's name>`."""
        self.folder = folder
        self.address = address
        self.port = port or free_port()
        self._scenario = scenario
        self._server = server
        self._parties = parties
        self._rate = rate
        self._process: Process | None = None

    async def start(self) -> Self:
        self.folder.mkdir(parents=True)
        (self.folder / "parties.csv").write_text(
            "SEQUENTIAL\n" + "".join(f"{party.line()}\n" for party in self._parties)
        )
        self._process = await Process.start(
            f"sipp {self._scenario.name}",
            *("sipp", self._server, "-sf", self._scenario, "-inf", "parties.csv"),
            *("-i", self.address, "-p", str(self.port), "-m", str(len(self._parties))),
            *("-r", str(self._rate), "-cid_str", f"%u@{self.folder.name}"),
            *("-nostdin", "-timeout", "60s", "-timeout_error"),
            *("-trace_logs", "-log_file", "log.txt", "-trace_err", "-error_file", "errors.txt"),
            *("-trace_msg", "-message_file", "messages.txt"),
            log=self.folder / "sipp.log",
            folder=self.folder,
        )
        return self

    async def wait(self, seconds: float = 30.0) -> int:
        """Return 0 when every party's scenario went as written."""
        if self._process is None:
            raise RuntimeError("SIPp is not started")
        return await self._process.wait(seconds)

    async def play(self, seconds: float = 30.0) -> int:
        """Start and wait."""
        return await (await self.start()).wait(seconds)

    async def stop(self) -> None:
        if self._process is not None:
            await self._process.kill()

    def logged(self) -> list[str]:
        """Return what the scenario logged, in order."""
        file = self.folder / "log.txt"
        return file.read_text().splitlines() if file.exists() else []

    def final_codes(self) -> list[int]:
        """Return the final codes that the scenario logged (`final 486`), in order."""
        return [int(code) for code in re.findall(r"^final (\d+)$", "\n".join(self.logged()), re.MULTILINE)]

    def messages(self) -> str:
        """Return every SIP message sent and received, as text."""
        file = self.folder / "messages.txt"
        return file.read_text(errors="replace") if file.exists() else ""

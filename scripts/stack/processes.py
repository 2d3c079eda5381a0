# SPDX-License-Identifier: Apache-2.0
"""Child processes of a stack, each in its own process group, with its output in a log file."""

import asyncio
from collections.abc import Mapping
import contextlib
import os
from pathlib import Path
import signal
from typing import Self

from .waiting import wait_until


class ProcessFailedError(RuntimeError):
    """A process ended that should not have; the message carries the end of its log."""


class Process:
    """A running program and everything it started. Stopping it twice is harmless."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        """Use `start`."""
        self.name = name
        self.log = log
        self._process = process

    @classmethod
    async def start(
        cls,
        name: str,
        *command: str | Path,
        log: Path,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        user: int | None = None,
        umask: int = -1,
    ) -> Self:
        """Start `command` in `folder` with `environment` on top of our own; output is appended to `log`.

        As another `user`, who is his own group, only when we are root.
        """
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *map(str, command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **(environment or {})},
                cwd=folder,
                start_new_session=True,
                umask=umask,
                user=user,
                group=user,
                extra_groups=None if user is None else (),
            )
        return cls(name, process, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs."""
        return self._process.returncode

    def check(self) -> bool:
        """Raise ProcessFailedError if it has ended; True, so that it can stand in front of a condition."""
        if self.returncode is not None:
            raise ProcessFailedError(f"{self.name} ended with {self.returncode}\n{self.log_tail()}")
        return True

    def log_tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    async def wait(self, seconds: float) -> int:
        """Wait for its end and return its code; TimeoutError when it takes longer."""
        return await asyncio.wait_for(self._process.wait(), seconds)

    async def stop(self, seconds: float = 10.0) -> int:
        """End it with SIGTERM and give it `seconds`; what is left of its group gets SIGKILL; return its code."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        with contextlib.suppress(TimeoutError):
            await self.wait(seconds)
        return await self.kill()

    async def kill(self) -> int:
        """End its whole group at once with SIGKILL, as a crash would; afterwards its ports and locks are free."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        code = await self._process.wait()
        await wait_until(lambda: not _lives(self.pid), what=f"the end of everything that {self.name} started")
        return code


def _lives(group: int) -> bool:
    """Whether a process of the group still holds anything; one that waits for its parent to look does not."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, its_group = status.read_text(errors="replace").rpartition(")")[2].split()[:3]
            if int(its_group) == group and state not in "ZX":
                return True
    return False

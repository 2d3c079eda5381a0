# SPDX-License-Identifier: Apache-2.0
"""A wall clock that jumps under running programs, as when somebody sets it; what counts elapsed time does not notice."""

from datetime import UTC, datetime
from pathlib import Path
import shutil
import time
from types import TracebackType
from typing import Self

HOUR = 3600
DAY = 24 * HOUR


class Clock:
    """For programs that start with its `environment`. `folder` must be one that they see, also in another root."""

    def __init__(self, folder: Path, start: datetime | None = None) -> None:
        """It shows the right time, or `start`."""
        self._setting = folder / "clock"
        library = folder / "libfaketime.so"
        shutil.copy(next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), library)
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._setting),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self._ahead = 0
        self.jump(int(start.timestamp() - time.time()) if start else 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what libfaketime leaves behind when a program is killed."""
        for left in Path("/dev/shm").glob("*faketime_*"):
            if not Path("/proc", left.name.rpartition("_")[2]).exists():
                left.unlink(missing_ok=True)

    def jump(self, seconds: int) -> None:
        self._ahead += seconds
        written = self._setting.with_suffix(".new")
        written.write_text(f"{self._ahead:+d}\n")
        written.rename(self._setting)

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self._ahead, UTC)

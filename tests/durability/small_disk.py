# SPDX-License-Identifier: Apache-2.0
"""A disk of a few megabytes that can be filled up; needs root."""

import os
from pathlib import Path
import subprocess
from types import TracebackType
from typing import Self

PAGE_BYTES = 4096


class SmallDisk:
    """Mounted over `folder`; nothing else may write to it while it is being filled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def __enter__(self) -> Self:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16M,mode=700", "tmpfs", self.folder], check=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        subprocess.run(["umount", self.folder], check=True)

    def fill(self, *, pages_left: int = 0) -> None:
        with self._filler.open("wb", buffering=0) as filler:
            try:
                while filler.write(bytes(PAGE_BYTES)):
                    pass
            except OSError:
                filler.truncate(max(0, filler.tell() - pages_left * PAGE_BYTES))
        assert self.pages_left() == pages_left

    def make_room(self) -> None:
        self._filler.unlink()

    def pages_left(self) -> int:
        state = os.statvfs(self.folder)
        return state.f_bavail * state.f_frsize // PAGE_BYTES

# SPDX-License-Identifier: Apache-2.0
"""What a demo says while it runs."""

from dataclasses import dataclass, field
import time


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

# SPDX-License-Identifier: Apache-2.0
"""How long to wait before the next attempt."""

import random


class Backoff:
    """Waits that double from `first` to `limit` seconds, each shortened at random so that many do not come at once."""

    def __init__(self, first: float = 1.0, limit: float = 30.0) -> None:
        self._first = first
        self._limit = limit
        self._wait = first

    def reset(self) -> None:
        """It worked: the next failure waits shortly again."""
        self._wait = self._first

    def next(self) -> float:
        """Seconds to wait after one more failure."""
        wait, self._wait = self._wait, min(self._wait * 2, self._limit)
        return wait * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)

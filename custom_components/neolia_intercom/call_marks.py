# SPDX-License-Identifier: Apache-2.0
"""Which calls are tests: only the event that begins a call says so."""

from collections import deque
from typing import Any

REMEMBERED = 100
"""Test calls; more of them do not go on at a time."""


class CallMarks:
    """Knows the test calls that began while Home Assistant listened."""

    def __init__(self) -> None:
        self._test_calls: deque[str] = deque(maxlen=REMEMBERED)

    def marked(self, event: dict[str, Any]) -> dict[str, Any]:
        """The event with `test` as its call has it."""
        call_id = event["call_id"]
        if event.get("test") is True and call_id not in self._test_calls:
            self._test_calls.append(call_id)
        return {**event, "test": call_id in self._test_calls}

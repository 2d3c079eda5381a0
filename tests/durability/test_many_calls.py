# SPDX-License-Identifier: Apache-2.0
"""Many calls while those who take their events go away and come back: each event arrives in the directory once, in order."""

from pathlib import Path
import random

from _core import Directory

from . import many_calls


async def test_each_event_arrives_once_in_order(
    directory: Directory, folder: Path, is_long: bool, chance: random.Random
) -> None:
    calls = 10_000 if is_long else 400
    told = await many_calls.call(directory, folder, calls, chance)
    assert sorted(told.history) == many_calls.numbers(calls)
    assert told.history == told.log
    newest = directory.list_calls(1000)
    assert {call["status"] for call in newest} == {"denied"}
    assert all([event["type"] for event in call["events"]] == ["denied"] for call in newest)

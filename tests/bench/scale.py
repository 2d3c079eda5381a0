# SPDX-License-Identifier: Apache-2.0
"""How much is measured: all of it, or little, to see whether the measuring itself works."""

from dataclasses import dataclass

from .estates import Size


@dataclass(frozen=True)
class Scale:
    large: Size
    many_rules: Size
    """As many units as `large`, with more rules."""
    repetitions: int
    """Of a change, a call to simulate (times ten), a ring."""
    wholes: int
    """Times that the whole snapshot is sent to a new data plane."""
    load_rounds: int
    load_calls: int
    """Calls or registrations of one round."""
    connections: int
    """WebSockets open at a time."""
    messages: int
    """That visitors leave, one after the other."""
    storm_devices: int
    kills: int
    """Of each of those that are killed while they write."""
    restless_calls: int
    """While those who take their events come and go."""


HOME = Size(units=1, rules_per_unit=2)

FULL = Scale(
    large=Size(units=10_000, rules_per_unit=2),
    many_rules=Size(units=10_000, rules_per_unit=10),
    repetitions=300,
    wholes=7,
    load_rounds=6,
    load_calls=4000,
    connections=500,
    messages=20,
    storm_devices=2500,
    kills=200,
    restless_calls=2000,
)
SMALL = Scale(
    large=Size(units=300, rules_per_unit=2),
    many_rules=Size(units=300, rules_per_unit=10),
    repetitions=20,
    wholes=1,
    load_rounds=2,
    load_calls=300,
    connections=100,
    messages=2,
    storm_devices=200,
    kills=3,
    restless_calls=200,
)

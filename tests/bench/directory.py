# SPDX-License-Identifier: Apache-2.0
"""The directory by itself: opening, changing, simulating."""

from collections.abc import Callable, Iterator
from pathlib import Path
import random
import statistics
import time

from _core import Directory

from . import estates
from .estates import Size
from .measured import Measured, percentile
from .scale import HOME, Scale

OPENINGS = 5
SIMULATIONS_PER_REPETITION = 20


async def measure(scale: Scale, folder: Path) -> dict[str, Measured]:
    estates.create(folder / "large.sqlite", scale.large).close()
    opening = statistics.median(seconds(lambda: Directory.open(folder / "large.sqlite").close()) for _ in range(OPENINGS))
    large, home = changes(folder / "large.sqlite", scale), changes(folder / "home.sqlite", scale, create=HOME)
    simulations = simulate(folder / "many.sqlite", scale)
    return {
        "open": Measured(opening, f"median of {OPENINGS}, closing included"),
        "change": Measured(large * 1e3, f"{scale.repetitions} changes"),
        "change-growth": Measured(large / home, f"{home * 1e3:.2f} ms in a home's directory"),
        "simulate": Measured(
            percentile(simulations, 99) * 1e6,
            f"{len(simulations)} calls through the Python binding, median {statistics.median(simulations) * 1e6:.0f} µs",
        ),
    }


def changes(path: Path, scale: Scale, create: Size | None = None) -> float:
    """Median seconds of one change: a unit's do-not-disturb, on and off."""
    directory = estates.create(path, create) if create else Directory.open(path)
    units = (create or scale.large).units
    try:
        return statistics.median(
            seconds(lambda unit=unit, on=on: set_do_not_disturb(directory, unit, on))
            for unit, on in _switches(units, scale.repetitions)
        )
    finally:
        directory.close()


def set_do_not_disturb(directory: Directory, unit: int, on: bool) -> None:
    directory.update_unit(estates.object_id("unit", unit), {"do_not_disturb": on}, actor=estates.ACTOR)


def _switches(units: int, repetitions: int) -> Iterator[tuple[int, bool]]:
    """Random units, each switched on and then off, so that each one is a change."""
    choice = random.Random(1)
    for _ in range(repetitions // 2):
        unit = choice.randrange(units)
        yield from ((unit, True), (unit, False))


def simulate(path: Path, scale: Scale) -> list[float]:
    """Seconds of calls from a building's door to units of the whole site."""
    directory = estates.create(path, scale.many_rules)
    units, choice = scale.many_rules.units, random.Random(2)
    door = estates.object_id("account", 4 * units)
    try:
        numbers = [
            estates.code_and_number(choice.randrange(units))
            for _ in range(scale.repetitions * SIMULATIONS_PER_REPETITION)
        ]
        return [seconds(lambda number=number: directory.simulate(door, number)) for number in numbers]
    finally:
        directory.close()


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began

# SPDX-License-Identifier: Apache-2.0
"""The directory by itself: opening, changing, simulating."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
import random
import statistics
import subprocess
import time

from _core import Directory
from stack.paths import BUILD

from . import estates
from .estates import Size
from .measured import Measured, percentile
from .scale import HOME, Scale

SIMULATE_BENCH = BUILD / "tests" / "bench" / "simulate_bench"
OPENINGS = 5
SIMULATIONS_PER_REPETITION = 20


async def measure(scale: Scale, folder: Path) -> dict[str, Measured]:
    estates.create(folder / "large.sqlite", scale.large).close()
    opening = statistics.median(
        seconds(lambda: Directory.open(folder / "large.sqlite").close()) for _ in range(OPENINGS)
    )
    large, home = changes(folder / "large.sqlite", scale), changes(folder / "home.sqlite", scale, create=HOME)
    in_cpp, in_python = simulate(folder / "many.sqlite", scale)
    return {
        "open": Measured(opening, f"median of {OPENINGS}, closing included"),
        "change": Measured(large * 1e3, f"{scale.repetitions} changes"),
        "change-growth": Measured(large / home, f"{home * 1e3:.2f} ms in a home's directory"),
        "simulate": Measured(
            percentile(in_cpp, 99) * 1e6,
            f"{len(in_cpp)} calls, 13 rules each; median {statistics.median(in_cpp) * 1e6:.0f} µs, "
            f"through the Python binding {statistics.median(in_python) * 1e6:.0f} µs",
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


def simulate(path: Path, scale: Scale) -> tuple[list[float], list[float]]:
    """Seconds of calls from a building's door to one of its units: in C++, and through the Python binding."""
    calls = list(_calls(scale.many_rules.units, scale.repetitions * SIMULATIONS_PER_REPETITION))
    with closing(estates.create(path, scale.many_rules)) as directory:
        in_python = [seconds(lambda call=call: directory.simulate(*call)) for call in calls]
    lines = "\n".join(" ".join(call) for call in calls)
    program = subprocess.run([SIMULATE_BENCH, path], input=lines, check=True, capture_output=True, text=True)
    return [int(line) / 1e9 for line in program.stdout.splitlines()], in_python


def _calls(units: int, count: int) -> Iterator[tuple[str, str]]:
    choice = random.Random(2)
    for _ in range(count):
        unit = choice.randrange(units)
        door = 4 * units + unit // estates.UNITS_PER_BUILDING
        yield estates.object_id("account", door), estates.code_and_number(unit)


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began

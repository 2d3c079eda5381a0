# SPDX-License-Identifier: Apache-2.0
"""Calls and registrations per second: our Kamailio, and the same with authentication only, turn by turn in one run."""

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path
import shutil
import statistics
import time

from stack.kamailio import CONFIGURATION, Kamailio
from stack.ports import free_port
from stack.processes import Process
from stack.sipp import Party

from . import estates
from .estates import Size
from .measured import Measured
from .scale import Scale
from .snapshot import DataPlane
from .usage import processor_seconds

HERE = Path(__file__).parent
AUTHENTICATION_ONLY = HERE / "load" / "authentication_only.cfg"
UNITS = 200
CALLS_IN_FLIGHT = 150
REGISTERS_IN_FLIGHT = 30
ROUND_SECONDS = 120.0
# Each transaction stays in memory for seconds after its end: at such rates, more of them than an estate of this size has.
MEMORY_FOR_ACCOUNTS = 200_000
# All of the load comes from one address: it is counted, and never too much.
ONE_SOURCE_IS_ALL: dict[str, str | int] = {"STRANGERS_PER_SECOND": 1_000_000, "GUESSES": 1_000_000}


@dataclass(frozen=True)
class Variant:
    """A configuration, and what its callers dial to reach a unit's panel."""

    configuration: Path
    parties: Sequence[Party]


@dataclass(frozen=True)
class Rate:
    """Per second, and what one of them takes of Kamailio's processors."""

    per_second: float
    microseconds: float


@dataclass(frozen=True)
class Round:
    calls: Rate
    registers: Rate


async def measure(scale: Scale, folder: Path) -> dict[str, Measured]:
    data = await tables(folder)
    ours = Variant(CONFIGURATION / "kamailio.cfg", [party(unit, estates.code_and_number) for unit in range(UNITS)])
    plain = Variant(AUTHENTICATION_ONLY, [party(unit, estates.panel_username) for unit in range(UNITS)])
    rounds: dict[Path, list[Round]] = {variant.configuration: [] for variant in (ours, plain)}
    for number in range(scale.load_rounds):
        # Each begins as often as it follows, so that a machine that warms up or tires favours neither.
        for variant in (ours, plain) if number % 2 == 0 else (plain, ours):
            place = folder / f"{number}-{variant.configuration.stem}"
            rounds[variant.configuration].append(await one_round(variant, data, place, scale.load_calls))
    return {name: compared(name, *rounds.values()) for name in ("calls", "registers")}


def party(unit: int, dialled: Callable[[int], str]) -> Party:
    """The door of the unit's building calls it."""
    return Party(estates.door_username(unit // estates.UNITS_PER_BUILDING), estates.PASSWORD, dialled(unit))


def compared(name: str, ours: list[Round], plain: list[Round]) -> Measured:
    """The median of the rounds' ratios: both halves of a round met the same machine."""
    pairs: list[tuple[Rate, Rate]] = [(getattr(a, name), getattr(b, name)) for a, b in zip(ours, plain, strict=True)]
    ratios = [a.per_second / b.per_second for a, b in pairs]
    speeds = [statistics.median(rate.per_second for rate in rates) for rates in zip(*pairs, strict=True)]
    costs = [statistics.median(rate.microseconds for rate in rates) for rates in zip(*pairs, strict=True)]
    return Measured(
        statistics.median(ratios),
        f"{len(pairs)} rounds, {min(ratios):.2f} to {max(ratios):.2f}; {speeds[0]:.0f} and {speeds[1]:.0f} per second, "
        f"Kamailio's processor time {costs[0]:.0f} and {costs[1]:.0f} µs each",
    )


async def tables(folder: Path) -> Path:
    """The data folder that the gateway leaves for every round: a directory whose units each ring one panel."""
    plane = DataPlane(folder / "tables", accounts=5 * UNITS)
    with closing(estates.create(folder / "directory.sqlite", Size(UNITS, rules_per_unit=2))) as directory:
        async with AsyncExitStack() as stack:
            await plane.start(stack)
            await plane.publish(directory)
    return plane.data


async def one_round(variant: Variant, data: Path, folder: Path, count: int) -> Round:
    """Registrations, then calls, at a Kamailio that has just started."""
    shutil.copytree(data, folder / "data")
    (folder / "run").mkdir()
    configuration = variant.configuration
    kamailio = Kamailio(
        folder / "data",
        folder / "run",
        configuration=configuration,
        accounts=MEMORY_FOR_ACCOUNTS,
        settings=ONE_SOURCE_IS_ALL,
    )
    panels = [Party(estates.panel_username(unit), estates.PASSWORD) for unit in range(UNITS)]
    device_port = free_port()
    async with kamailio:
        registering = Load("register.xml", kamailio, panels, folder, count, REGISTERS_IN_FLIGHT, device_port)
        registers = await registering.rate()
        answering = await answer(folder, device_port)
        try:
            calls = await Load("call.xml", kamailio, variant.parties, folder, count, CALLS_IN_FLIGHT).rate()
        finally:
            await answering.kill()
    return Round(calls, registers)


async def answer(folder: Path, port: int) -> Process:
    """One SIPp that is every panel."""
    return await Process.start(
        "sipp answer.xml",
        *("sipp", "-sf", HERE / "load" / "answer.xml", "-i", "127.0.0.1", "-p", str(port), "-nostdin", "-trace_err"),
        log=folder / "answer.log",
        folder=folder,
    )


@dataclass(frozen=True)
class Load:
    """One scenario, as fast as so many in flight at a time go through."""

    scenario: str
    kamailio: Kamailio
    parties: Sequence[Party]
    folder: Path
    count: int
    in_flight: int
    device_port: int = 0

    async def rate(self) -> Rate:
        """RuntimeError when a single one fails."""
        users = self.folder / f"{self.scenario}.csv"
        users.write_text("SEQUENTIAL\n" + "".join(f"{party.line()}\n" for party in self.parties))
        group = self.kamailio.process.pid
        began, used = time.perf_counter(), processor_seconds(group)
        process = await Process.start(
            f"sipp {self.scenario}",
            *("sipp", self.kamailio.server, "-sf", HERE / "load" / self.scenario, "-inf", users),
            *("-i", "127.0.0.1", "-p", str(free_port()), "-key", "device_port", str(self.device_port)),
            *("-default_behaviors", "all,-abortunexp"),  # a 180 that another worker sent after the 200
            *("-m", str(self.count), "-l", str(self.in_flight), "-r", "100000", "-nostdin", "-trace_err"),
            log=self.folder / f"{self.scenario}.log",
            folder=self.folder,
        )
        try:
            code = await process.wait(ROUND_SECONDS)
        finally:
            await process.kill()
        if code:
            raise RuntimeError(f"sipp {self.scenario} ended with {code}\n{process.log_tail()}")
        return Rate(self.count / (time.perf_counter() - began), (processor_seconds(group) - used) / self.count * 1e6)

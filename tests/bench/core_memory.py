# SPDX-License-Identifier: Apache-2.0
"""What the core adds to the memory of the process that loads it, measured in a fresh one each time."""

import asyncio
from pathlib import Path
import sys

from . import estates
from .measured import Measured
from .scale import HOME, Scale

# Loaded, opened, asked for what Home Assistant asks at its start.
PROGRAM = """
import sys
from tests.bench.usage import resident_mb
before = resident_mb("self")
from _core import Directory
directory = Directory.open(sys.argv[1])
directory.simulate(sys.argv[2], sys.argv[3])
del directory.info()["counts"]
print(resident_mb("self") - before)
"""


async def measure(scale: Scale, folder: Path) -> dict[str, Measured]:
    home = await added_mb(folder / "home.sqlite", HOME)
    large = await added_mb(folder / "large.sqlite", scale.large)
    detail = "resident, after loading, opening and a simulation"
    return {"core-memory-home": Measured(home, detail), "core-memory-large": Measured(large, detail)}


async def added_mb(path: Path, size: estates.Size) -> float:
    estates.create(path, size).close()
    door = estates.object_id("account", 4 * size.units)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, path, door, estates.code_and_number(0)), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"the process that loads the core ended with {process.returncode}")
    return float(output)

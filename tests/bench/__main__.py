# SPDX-License-Identifier: Apache-2.0
"""scripts/bench: measures the figures of figures.py, prints them, and keeps a complete run in docs/performance.md."""

import argparse
import asyncio
from pathlib import Path
import sys
import tempfile

from .figures import GROUPS, Figure
from .measured import Measured
from .report import markdown, rows
from .scale import FULL, SMALL, Scale

CHECKOUT = Path(__file__).resolve().parents[2]


def main() -> int:
    """0 when every measured goal is reached."""
    figures = {figure.name: group for group, content in GROUPS.items() for figure in content.figures}
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "figures", nargs="*", metavar="figure", choices=[[], *GROUPS, *figures], help=", ".join([*GROUPS, *figures])
    )
    parser.add_argument("--small", action="store_true", help="little of everything, to see whether the measuring works")
    arguments = parser.parse_args()

    chosen = set(arguments.figures) or set(GROUPS)
    groups = [name for name, group in GROUPS.items() if chosen & {name, *(figure.name for figure in group.figures)}]
    if arguments.small:
        print("Small: the sizes in the texts are not those that are measured.")
    results = asyncio.run(measure(groups, SMALL if arguments.small else FULL))
    if len(groups) == len(GROUPS) and not arguments.small:
        (CHECKOUT / "docs" / "performance.md").write_text(markdown(results))
    return 0 if all(figure.reached(measured.value) for figure, measured in results.items()) else 1


async def measure(groups: list[str], scale: Scale) -> dict[Figure, Measured]:
    """Print each group's rows as soon as they are there."""
    results: dict[Figure, Measured] = {}
    for name in groups:
        # Where it is the disk that is measured: /tmp may be memory.
        with tempfile.TemporaryDirectory(prefix="neolia-bench-", dir="/var/tmp") as folder:
            measured = await GROUPS[name].measure(scale, Path(folder))
        part = {figure: measured[figure.name] for figure in GROUPS[name].figures}
        for row in rows(part):
            print(" | ".join(row), flush=True)
        results |= part
    return results


if __name__ == "__main__":
    sys.exit(main())

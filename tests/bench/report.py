# SPDX-License-Identifier: Apache-2.0
"""The figures as a table, for the terminal and for docs/performance.md."""

from datetime import UTC, datetime
import os
from pathlib import Path
import platform
import re
import subprocess

from .figures import Figure
from .measured import Measured

HEADINGS = ("figure", "goal", "measured", "ratio to", "how")

INTRODUCTION = """\
# Performance

Every figure that the project promises, as `scripts/bench` measured it in one run. `scripts/bench` writes this page; the ratios
travel to other machines, the absolute values do not.

"""


def rows(results: dict[Figure, Measured]) -> list[tuple[str, ...]]:
    """One row per figure, in the order of the measuring."""
    return [
        (figure.text, _goal(figure), _value(figure, measured), figure.ratio_to or "-", measured.detail)
        for figure, measured in results.items()
    ]


def _goal(figure: Figure) -> str:
    return f"{'≥' if figure.at_least else '≤'} {figure.goal:g} {figure.unit}".rstrip()


def _value(figure: Figure, measured: Measured) -> str:
    text = f"{measured.value:.3g}" if measured.value < 1000 else f"{measured.value:.0f}"
    return " ".join(filter(None, (text, figure.unit, "" if figure.reached(measured.value) else "(missed)")))


def markdown(results: dict[Figure, Measured]) -> str:
    lines = ["| " + " | ".join(HEADINGS) + " |", "|---" * len(HEADINGS) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows(results)]
    return INTRODUCTION + "\n".join(lines) + "\n\n" + machine()


def machine() -> str:
    """What it ran on, and when."""
    cpu = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    kamailio = subprocess.run(["kamailio", "-v"], check=True, capture_output=True, text=True).stdout.split("\n", 1)[0]
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores ({cpu[1] if cpu else platform.machine()}), "
        f"{memory:.0f} GB of memory, {system}, Linux {platform.release().split('-')[0]}; {kamailio.removeprefix('version: ')}. "
        "The load generators share the cores with what they load.\n"
    )

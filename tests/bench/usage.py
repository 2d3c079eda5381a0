# SPDX-License-Identifier: Apache-2.0
"""Memory and time of processes as the kernel counts them."""

import contextlib
import os
from pathlib import Path
import re


def resident_mb(pid: int | str) -> float:
    """Memory of a process that is in RAM, its share of common pages included whole (VmRSS); 1 MB = 10^6 bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    assert found
    return int(found[1]) * 1024 / 1e6


def processor_seconds(group: int) -> float:
    """Processor time so far, in user and kernel mode, of the running processes of a group."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def group_memory_kib(group: int) -> float:
    """Private memory of the processes of a group, together: what they do not share with each other."""
    kib = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int((process / "stat").read_text().rpartition(")")[2].split()[2]) == group:
                rollup = (process / "smaps_rollup").read_text()
                kib += sum(int(size) for size in re.findall(r"^Private_\w+:\s+(\d+) kB$", rollup, re.MULTILINE))
    return float(kib)

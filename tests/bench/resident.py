# SPDX-License-Identifier: Apache-2.0
"""Memory of a process as the kernel counts it."""

from pathlib import Path
import re


def resident_mb(pid: int | str) -> float:
    """Memory of a process that is in RAM, its share of common pages included whole (VmRSS); 1 MB = 10^6 bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    assert found
    return int(found[1]) * 1024 / 1e6

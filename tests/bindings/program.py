# SPDX-License-Identifier: Apache-2.0
"""Python programs in processes of their own, which use the core under test."""

import os
from pathlib import Path
import subprocess
import sys
import textwrap
from typing import Any

import _core

TIMEOUT = 60  # seconds


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(_core.__file__).parent)}


def arguments(source: str, *values: object) -> list[str]:
    return [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(source), *map(str, values)]


def run(source: str, *values: object, prefix: tuple[str, ...] = (), **options: Any) -> str:
    """What the program printed; it must end well and quietly."""
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [*prefix, *arguments(source, *values)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
        **options,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout

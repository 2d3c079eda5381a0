# SPDX-License-Identifier: Apache-2.0
"""A process that writes the directory and is killed again and again."""

from dataclasses import dataclass
from pathlib import Path
import random
import subprocess
import time

from _core import Directory

from tests.bindings import program
from tests.bindings.estate import ACTOR, SITE

from .files import is_whole

RENAMES = """
    import sys
    from _core import Directory

    directory = Directory.open(sys.argv[1])
    while True:
        number = directory.info()["revision"] + 1
        directory.update_site(sys.argv[2], {"name": f"Home {number}"}, actor="tests")
        print(directory.info()["revision"], flush=True)
"""


@dataclass(frozen=True)
class Losses:
    writes: int
    """Acknowledged changes that were gone afterwards."""
    halves: int
    """Times that the file was damaged, or held a part of a change."""


def kill(directory: Directory, file: Path, kills: int, chance: random.Random) -> Losses:
    """`directory` is that of `file`, and is closed."""
    site = directory.create_site(SITE, actor=ACTOR)["id"]
    directory.close()
    writes = halves = 0
    for _ in range(kills):
        acknowledged = _last_acknowledged(file, site, chance.uniform(0, 0.1))
        sound = is_whole(file)
        reopened = Directory.open(file)
        revision = reopened.info()["revision"]
        writes += max(0, acknowledged - revision)
        halves += not (
            sound
            and reopened.get_site(site)["name"] == f"Home {revision}"
            and reopened.list_audit(1)[0]["revision"] == revision
        )
        reopened.close()
    return Losses(writes, halves)


def _last_acknowledged(file: Path, site: str, life: float) -> int:
    with subprocess.Popen(
        program.arguments(RENAMES, file, site), env=program.environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdout is None:
            raise RuntimeError("the process has no output")
        last = int(process.stdout.readline())
        time.sleep(life)
        process.kill()
        lines = [line for line in process.stdout.readlines() if line.endswith("\n")]
    return int(lines[-1]) if lines else last

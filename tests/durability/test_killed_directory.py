# SPDX-License-Identifier: Apache-2.0
"""A process that writes the directory is killed again and again: whoever was told of a change keeps it."""

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


def acknowledged_before_the_kill(file: Path, site: str, life: float) -> int:
    with subprocess.Popen(
        program.arguments(RENAMES, file, site), env=program.environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        last = int(process.stdout.readline())
        time.sleep(life)
        process.kill()
        lines = [line for line in process.stdout.readlines() if line.endswith("\n")]
    return int(lines[-1]) if lines else last


def test_nothing_acknowledged_is_lost(directory: Directory, file: Path, kills: int) -> None:
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    site = directory.create_site(SITE, actor=ACTOR)["id"]
    directory.close()
    for _ in range(kills):
        acknowledged = acknowledged_before_the_kill(file, site, chance.uniform(0, 0.1))
        assert is_whole(file)
        reopened = Directory.open(file)
        revision = reopened.info()["revision"]
        assert revision - acknowledged in (0, 1)
        assert reopened.get_site(site)["name"] == f"Home {revision}"
        assert reopened.list_audit(1)[0]["revision"] == revision
        reopened.close()

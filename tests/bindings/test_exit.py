# SPDX-License-Identifier: Apache-2.0
"""The interpreter ends well whatever the directory is doing, and a killed one loses nothing."""

from pathlib import Path
import subprocess

from _core import Directory
import pytest

from . import program
from .estate import ACTOR, SITE

ENDINGS = {
    "open in a global": """
        import sys, _core
        directory = _core.Directory.create(sys.argv[1], "Home", "home.example")
    """,
    "open in a cycle": """
        import sys, _core
        cycle = [_core.Directory.create(sys.argv[1], "Home", "home.example")]
        cycle.append(cycle)
    """,
    "module gone first": """
        import sys, _core
        directory = _core.Directory.create(sys.argv[1], "Home", "home.example")
        del sys.modules["_core"], _core
    """,
    "error kept": """
        import sys, _core
        directory = _core.Directory.create(sys.argv[1], "Home", "home.example")
        try:
            directory.create_site({}, actor="tests")
        except _core.DirectoryError as error:
            kept = error
    """,
    "daemon threads busy": """
        import sys, threading, _core
        directory = _core.Directory.create(sys.argv[1], "Home", "home.example")
        running = threading.Barrier(5)
        def work():
            running.wait()
            while True:
                directory.info()
        for _ in range(4):
            threading.Thread(target=work, daemon=True).start()
        running.wait()
    """,
    "error raised at exit": """
        import atexit, sys, _core
        directory = _core.Directory.create(sys.argv[1], "Home", "home.example")
        def late():
            try:
                directory.get_unit("x")
            except _core.DirectoryError as error:
                assert error.code == "not_found"
            directory.close()
        atexit.register(late)
    """,
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_interpreter_ends_well(file: Path, ending: str) -> None:
    assert program.run(ENDINGS[ending], file) == ""
    directory = Directory.open(file)
    assert directory.info()["name"] == "Home"
    directory.close()


ENDLESS_CHANGES = """
    import sys, _core
    directory = _core.Directory.open(sys.argv[1])
    for number in range(1_000_000):
        unit = directory.create_unit({"building_id": sys.argv[2], "number": str(number)}, actor="tests")
        print(unit["id"], flush=True)
"""


def test_acknowledged_changes_survive_a_kill(directory: Directory, file: Path) -> None:
    site = directory.create_site(SITE, actor=ACTOR)["id"]
    building = directory.create_building({"site_id": site, "name": "Main", "code": "A"}, actor=ACTOR)["id"]
    directory.close()
    for _ in range(3):
        acknowledged = units_before_the_kill(file, building)
        reopened = Directory.open(file)
        known = {unit["id"] for unit in reopened.list_units()}
        reopened.apply([{"operation": "delete", "noun": "unit", "id": unit} for unit in known], actor=ACTOR)
        assert known >= set(acknowledged)
        assert len(known) <= len(acknowledged) + 1
        reopened.close()


def units_before_the_kill(file: Path, building: str) -> list[str]:
    with subprocess.Popen(
        program.arguments(ENDLESS_CHANGES, file, building),
        env=program.environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline() for _ in range(50)]
        process.kill()
        acknowledged += process.stdout.readlines()
    return [line.strip() for line in acknowledged if line.endswith("\n")]

# SPDX-License-Identifier: Apache-2.0
"""Files that are not as they should be."""

from collections.abc import Iterator
import os
from pathlib import Path
import shutil
import sqlite3
import tempfile
from typing import Any

from _core import Directory, DirectoryError
import pytest

from . import program
from .estate import ACTOR, Estate

NOBODY = 65534


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="neolia-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def refusal(path: Path) -> DirectoryError:
    with pytest.raises(DirectoryError) as refused:
        Directory.open(path)
    assert str(path) in refused.value.message
    return refused.value


def test_one_owner(estate: Estate, file: Path) -> None:
    assert refusal(file).code == "conflict"
    second = (
        "import sys, _core\ntry: _core.Directory.open(sys.argv[1])\nexcept _core.DirectoryError as e: print(e.code)"
    )
    assert program.run(second, file) == "conflict\n"
    estate.directory.close()
    Directory.open(file).close()


def test_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing").code == "not_found"


def test_folder_instead_of_a_file(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "corrupt"


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError) as refused:
        Directory.create(tmp_path / "nothing" / "directory.sqlite", "Home", "home.example")
    assert refused.value.code == "storage"


@pytest.mark.parametrize(
    ("sql", "code"), [("PRAGMA user_version = 1000", "too_new"), ("UPDATE units SET number = X'00'", None)]
)
def test_newer_schema(estate: Estate, file: Path, sql: str, code: str | None) -> None:
    estate.directory.close()
    edited = sqlite3.connect(file)
    if code is None:
        with pytest.raises(sqlite3.IntegrityError):
            edited.execute(sql)
        edited.close()
        return
    edited.execute(sql)
    edited.commit()
    edited.close()
    before = file.read_bytes()
    assert refusal(file).code == code
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


READ_ONLY = """
    import sys, _core
    for call in (lambda: _core.Directory.open(sys.argv[1]), lambda: _core.Directory.create(sys.argv[1] + "2", "H", "h.example")):
        try:
            call()
        except _core.DirectoryError as error:
            print(error.code)
"""


def test_read_only_folder(open_folder: Path) -> None:
    file = open_folder / "directory.sqlite"
    Directory.create(file, "Home", "home.example").close()
    before = file.read_bytes()
    open_folder.chmod(0o555)
    file.chmod(0o444)
    somebody: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    assert program.run(READ_ONLY, file, cwd="/", **somebody) == "read_only\nread_only\n"
    assert file.read_bytes() == before
    assert [path.name for path in open_folder.iterdir()] == [file.name]


FULL_DISK = """
    import json, os, shutil, subprocess, sys, _core
    folder = sys.argv[1]
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", folder], check=True)
    path = os.path.join(folder, "directory.sqlite")
    directory = _core.Directory.create(path, "Home", "home.example")
    site = directory.create_site({"name": "S", "time_zone": "UTC", "domain": "s.example"}, actor="tests")["id"]
    building = directory.create_building({"site_id": site, "name": "B", "code": "B"}, actor="tests")["id"]
    ballast = os.path.join(folder, "ballast")

    def unit(number):
        return directory.create_unit({"building_id": building, "number": str(number)}, actor="tests")

    def fill():
        with open(ballast, "wb", buffering=0) as file:
            try:
                while file.write(bytes(512)):
                    pass
            except OSError:
                pass

    fill()
    number = 0
    try:
        while True:
            number += 1
            unit(number)
    except _core.DirectoryError as error:
        print(error.code)
    before = directory.snapshot()
    try:
        directory.record_events("s", [(1, {"type": "t", "call_id": "c", "at": "a", "more": "x" * 60000})])
    except _core.DirectoryError as error:
        print(error.code)
    print(len(directory.list_units()) == number - 1, directory.snapshot() == before)
    os.remove(ballast)
    unit(number)
    after = directory.snapshot()
    directory.close()
    directory = _core.Directory.open(path)
    print(directory.snapshot() == after, directory.event_cursor())
"""


def test_full_disk(tmp_path: Path) -> None:
    own_mounts = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--mount", "--map-root-user")
    printed = program.run(FULL_DISK, tmp_path, prefix=own_mounts)
    assert printed.splitlines() == ["disk_full", "disk_full", "True True", "True None"]


FILE_TOO_LARGE = """
    import resource, sys, _core
    directory = _core.Directory.create(sys.argv[1], "Home", "home.example")
    site = directory.create_site({"name": "S", "time_zone": "UTC", "domain": "s.example"}, actor="tests")["id"]
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, most))
    try:
        for code in range(1000):
            directory.create_building({"site_id": site, "name": "x" * 100, "code": str(code)}, actor="tests")
    except _core.DirectoryError as error:
        print(error.code)
    before = directory.snapshot()
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    directory.create_building({"site_id": site, "name": "y", "code": "y"}, actor="tests")
    print(before != directory.snapshot())
"""


def test_file_that_may_not_grow(file: Path) -> None:
    assert program.run(FILE_TOO_LARGE, file).splitlines() == ["disk_full", "True"]


def test_deleted_while_open(estate: Estate, file: Path) -> None:
    before = estate.directory.snapshot()
    file.unlink()
    with pytest.raises(DirectoryError) as refused:
        estate.directory.update_unit(estate.unit, {"name": "lost"}, actor=ACTOR)
    assert refused.value.code == "storage"
    assert "deleted" in refused.value.message
    assert estate.directory.snapshot() == before
    assert not file.exists()


def test_replaced_while_open(estate: Estate, file: Path) -> None:
    copy = file.with_name("copy.sqlite")
    shutil.copy(file, copy)
    copy.rename(file)
    with pytest.raises(DirectoryError) as refused:
        estate.directory.update_unit(estate.unit, {"name": "lost"}, actor=ACTOR)
    assert refused.value.code == "storage"

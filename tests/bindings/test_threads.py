# SPDX-License-Identifier: Apache-2.0
"""Several threads on one directory."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
import sys
import threading

from _core import DirectoryError
import pytest

from .estate import ACTOR, Estate

THREADS = 8


@pytest.fixture
def only_when_released() -> Iterator[None]:
    """Threads of Python change over only where one lets the interpreter go."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("only_when_released")
def test_other_threads_run_during_a_call(estate: Estate) -> None:
    go, ran = threading.Semaphore(0), threading.Event()

    def other() -> None:
        go.acquire()
        ran.set()

    thread = threading.Thread(target=other)
    thread.start()
    go.release()
    for number in range(1000):
        estate.directory.update_unit(estate.unit, {"name": f"name {number}"}, actor=ACTOR)
        if ran.is_set():
            break
    assert ran.is_set()
    thread.join()


def test_callers_run_one_after_another(estate: Estate) -> None:
    directory = estate.directory
    base = directory.info()["revision"]

    def work(worker: int) -> None:
        for number in range(20):
            fields = estate.unit_fields(number=f"{worker}-{number}")
            unit = directory.create_unit(fields, actor=ACTOR)
            assert directory.get_unit(unit["id"]) == unit
            assert directory.simulate(estate.gate, f"{worker}-{number}")["called"]["unit_id"] == unit["id"]
            if number % 2:
                directory.delete_unit(unit["id"], actor=ACTOR)
            directory.snapshot()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    assert directory.info()["revision"] == base + THREADS * 30
    assert len(directory.list_units()) == 1 + THREADS * 10
    changes = directory.changes_since(base)
    assert changes is not None
    assert len(changes["added"]["units"]) == THREADS * 10


def test_closing_under_callers(estate: Estate) -> None:
    started = threading.Barrier(THREADS + 1)

    def work(_: int) -> str:
        started.wait()
        try:
            while True:
                estate.directory.update_unit(estate.unit, {"do_not_disturb": True}, actor=ACTOR)
                estate.directory.list_accounts()
                estate.directory.snapshot()
        except DirectoryError as error:
            return error.code

    with ThreadPoolExecutor(THREADS) as pool:
        codes = pool.map(work, range(THREADS))
        started.wait()
        estate.directory.close()
        assert list(codes) == ["closed"] * THREADS


def test_two_openers_at_once(estate: Estate, file: object) -> None:
    estate.directory.close()
    opener = type(estate.directory)
    started = threading.Barrier(THREADS)

    def work(_: int) -> object:
        started.wait()
        try:
            return opener.open(str(file))
        except DirectoryError as error:
            return error.code

    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(work, range(THREADS)))
    opened = [result for result in results if not isinstance(result, str)]
    assert len(opened) == 1
    assert {result for result in results if isinstance(result, str)} == {"conflict"}

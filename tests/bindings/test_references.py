# SPDX-License-Identifier: Apache-2.0
"""Nothing is leaked and nothing is kept, however a call ends."""

from collections.abc import Callable
import contextlib
import gc
import sys
from typing import Any
import weakref

from _core import Directory, DirectoryError
import pytest

from .estate import ACTOR, Estate

REPETITIONS = 500


def refused(call: Callable[[], Any]) -> None:
    with contextlib.suppress(DirectoryError):
        call()


CALLS: dict[str, Callable[[Estate], Any]] = {
    "info": lambda e: e.directory.info(),
    "list": lambda e: e.directory.list_accounts(),
    "get": lambda e: e.directory.get_unit(e.unit),
    "not found": lambda e: refused(lambda: e.directory.get_unit("x")),
    "bad fields": lambda e: refused(lambda: e.directory.create_unit({"number": "x y", "z": [1.5, None]}, actor=ACTOR)),
    "bad types": lambda e: refused(lambda: e.directory.create_unit({"number": {1, 2}}, actor=ACTOR)),
    "bad surrogate": lambda e: refused(lambda: e.directory.create_unit({"\ud800": "\ud800"}, actor=ACTOR)),
    "unchanged": lambda e: e.directory.update_unit(e.unit, {"number": "401"}, actor=ACTOR),
    "apply nothing": lambda e: e.directory.apply([], actor=ACTOR),
    "simulate": lambda e: e.directory.simulate(e.gate, "401"),
    "snapshot": lambda e: e.directory.snapshot(),
    "snapshot changes": lambda e: e.directory.snapshot_changes(3),
    "changes": lambda e: e.directory.changes_since(0),
    "audit": lambda e: e.directory.list_audit(5),
    "cursor": lambda e: e.directory.event_cursor(),
    "calls": lambda e: e.directory.list_calls(5),
    "no call to explain": lambda e: refused(lambda: e.directory.explain_call("nobody")),
    "conflict": lambda e: refused(lambda: Directory.open("/nonexistent/directory")),
}


@pytest.mark.parametrize("name", CALLS)
def test_calls_leave_no_objects_behind(estate: Estate, name: str) -> None:
    call = CALLS[name]
    for _ in range(100):
        call(estate)
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(REPETITIONS):
        call(estate)
    gc.collect()
    assert sys.getallocatedblocks() - before < REPETITIONS / 10


def test_changes_leave_no_objects_behind(estate: Estate) -> None:
    def change() -> None:
        account, _ = estate.directory.create_account(estate.account_fields(), actor=ACTOR)
        estate.directory.reset_password(account["id"], actor=ACTOR)
        estate.directory.delete_account(account["id"], actor=ACTOR)

    change()
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(100):
        change()
    gc.collect()
    assert sys.getallocatedblocks() - before < 50


def test_arguments_are_not_kept(estate: Estate) -> None:
    class Fields(dict[str, Any]):
        pass

    fields = Fields(estate.unit_fields(name="x" * 50))
    gone = weakref.ref(fields)
    count = sys.getrefcount(fields["name"])
    estate.directory.create_unit(fields, actor=ACTOR)
    assert sys.getrefcount(fields["name"]) == count
    del fields
    assert gone() is None


def test_answers_are_copies(estate: Estate) -> None:
    estate.directory.get_unit(estate.unit)["number"] = "changed"
    assert estate.directory.get_unit(estate.unit)["number"] == "401"


def test_an_error_outlives_its_directory(estate: Estate) -> None:
    with pytest.raises(DirectoryError) as kept:
        estate.directory.create_site({}, actor=ACTOR)
    estate.directory.close()
    assert kept.value.fields[0]["code"] == "required"

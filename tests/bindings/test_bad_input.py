# SPDX-License-Identifier: Apache-2.0
"""Whatever crosses the border is answered by DirectoryError, and the directory stays as it was."""

from collections.abc import Callable
import datetime
from typing import Any, NamedTuple

from _core import Directory, DirectoryError
import pytest

from .estate import ACTOR, Estate, owner

LONG = "x" * 10_000_000
LIFT: Any = [{"operation": "create", "noun": "lift"}]
CYCLE: dict[str, Any] = {}
CYCLE["self"] = CYCLE
WIDE_CYCLE: list[Any] = []
WIDE_CYCLE.extend([WIDE_CYCLE] * 50)


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


class Row(NamedTuple):
    name: str
    call: Callable[[Estate], Any]
    field: str
    """Code and path of one of the bad fields."""


def unit(**fields: Any) -> Callable[[Estate], Any]:
    return lambda estate: estate.directory.create_unit(estate.unit_fields(**fields), actor=ACTOR)


def rule(**fields: Any) -> Callable[[Estate], Any]:
    return lambda estate: estate.directory.create_rule(estate.rule_fields(**fields), actor=ACTOR)


def account(password: Any = None, **fields: Any) -> Callable[[Estate], Any]:
    return lambda estate: estate.directory.create_account(
        estate.account_fields(**fields), actor=ACTOR, password=password
    )


def schedule(**window: Any) -> Callable[[Estate], Any]:
    return rule(schedule={"windows": [{"days": ["mon"], "from": "08:00", "to": "12:00", **window}]})


ROWS = [
    Row("fields: None", lambda e: e.directory.create_unit(None, actor=ACTOR), "type "),  # type: ignore[arg-type]
    Row("fields: text", lambda e: e.directory.create_unit("x", actor=ACTOR), "type "),  # type: ignore[arg-type]
    Row("fields: a set", lambda e: e.directory.create_unit({1}, actor=ACTOR), "type "),  # type: ignore[arg-type]
    Row("fields: keys that are numbers", lambda e: e.directory.create_unit({1: 2}, actor=ACTOR), "type "),  # type: ignore[dict-item]
    Row("fields: key with a surrogate", lambda e: e.directory.create_unit({"\ud800": 2}, actor=ACTOR), "format "),
    Row("fields: 10 MB key", lambda e: e.directory.create_unit({LONG: 2}, actor=ACTOR), "unknown ?"),
    Row("fields: key that imitates a path", unit(**{"a.b[0]": 1}), "unknown ?"),
    Row("text: a number", unit(name=7), "type name"),
    Row("text: bytes", unit(name=b"x"), "type name"),
    Row("text: a date", unit(name=datetime.date(2026, 1, 1)), "type name"),
    Row("text: 10 MB", unit(name=LONG), "length name"),
    Row("text: empty", unit(name=""), "length name"),
    Row("text: only spaces", unit(name="  \t "), "length name"),
    Row("text: NUL", unit(name="a\0b"), "format name"),
    Row("text: newline", unit(name="a\nb"), "format name"),
    Row("text: escape", unit(name="\x1b[31m"), "format name"),
    Row("text: C1 control", unit(name="a\x9bb"), "format name"),
    Row("text: surrogate", unit(name="a\ud800b"), "format name"),
    Row("number: 10 MB", unit(number=LONG), "length number"),
    Row("number: SQL", unit(number="1'; DROP TABLE units; --"), "length number"),
    Row("number: quotes", unit(number="1';--"), "format number"),
    Row("number: not ASCII", unit(number="\N{FULLWIDTH DIGIT FOUR}"), "format number"),
    Row("flag: text", unit(do_not_disturb="yes"), "type do_not_disturb"),
    Row("flag: 1", unit(do_not_disturb=1), "type do_not_disturb"),
    Row("id: no id", unit(building_id="x"), "format building_id"),
    Row("id: of another noun", lambda e: unit(building_id=e.unit)(e), "not_found building_id"),
    Row("integer: NaN", rule(position=float("nan")), "range position"),
    Row("integer: infinite", rule(position=float("inf")), "range position"),
    Row("integer: a fraction", rule(position=1.5), "type position"),
    Row("integer: true", rule(position=True), "type position"),
    Row("integer: huge", rule(position=10**30), "range position"),
    Row("integer: 64 bits", rule(position=2**63 - 1), "range position"),
    Row("integer: negative", rule(position=-1), "range position"),
    Row(
        "nested: a cycle",
        rule(schedule=CYCLE),
        "range schedule.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self.self",
    ),
    Row("nested: 10,000 levels", rule(schedule=deep(10_000)), "range schedule" + 16 * "[0]"),
    Row(
        "nested: wide cycle", lambda e: e.directory.create_rule({"x": WIDE_CYCLE}, actor=ACTOR), "range x" + 16 * "[0]"
    ),
    Row("nested: 3,000,000 values", rule(schedule=[0] * 3_000_000), "too_many schedule[1999992]"),
    Row("pattern: empty", rule(source_pattern=""), "length source_pattern"),
    Row("pattern: many stars", rule(source_pattern="*a" * 33), "length source_pattern"),
    Row("pattern: brackets", rule(source_pattern="[a-z]*"), "format source_pattern"),
    Row("pattern: unknown selector", rule(source_pattern="@anyone"), "format source_pattern"),
    Row("pattern: separators of tables", rule(source_pattern="a|b~c"), "format source_pattern"),
    Row("schedule: no windows", rule(schedule={"windows": []}), "length schedule.windows"),
    Row("schedule: day", schedule(days=["monday"]), "format schedule.windows[0].days[0]"),
    Row("schedule: time", schedule(to="24:00"), "format schedule.windows[0].to"),
    Row("schedule: unknown", schedule(until="12:00"), "unknown schedule.windows[0].until"),
    Row(
        "target: too many",
        rule(target={"type": "accounts", "account_ids": ["x"] * 100_000}),
        "too_many target.account_ids",
    ),
    Row(
        "target: open relay",
        rule(action="forward", target={"type": "uri", "uri": "sip:x@evil.example"}),
        "not_found target.uri",
    ),
    Row("username: upper case", account(username="Anna"), "format username"),
    Row("username: quotes", account(username='a"b'), "format username"),
    Row("username: taken", account(username="hall"), "duplicate username"),
    Row("username: a number of the site", account(username="401"), "duplicate username"),
    Row("password: short", account(password="short"), "length password"),
    Row("password: 10 MB", account(password=LONG), "length password"),
    Row("password: a number", account(password=12345678), "type password"),
    Row("password: surrogate", account(password="\ud800" * 8), "format password"),
    Row("actor: None", lambda e: e.directory.delete_unit(e.unit, actor=None), "type actor"),  # type: ignore[arg-type]
    Row("actor: empty", lambda e: e.directory.delete_unit(e.unit, actor=""), "format actor"),
    Row("actor: 10 MB", lambda e: e.directory.delete_unit(e.unit, actor=LONG), "format actor"),
    Row("get: a number", lambda e: e.directory.get_unit(7), "type id"),  # type: ignore[arg-type]
    Row("get: a surrogate", lambda e: e.directory.get_unit("\ud800"), "format id"),
    Row("filter: unknown", lambda e: e.directory.list_units({"site_id": e.site}), "unknown filter.site_id"),
    Row("filter: a list", lambda e: e.directory.list_units([]), "type filter"),  # type: ignore[arg-type]
    Row(
        "filter: owner", lambda e: e.directory.list_rules({"owner": owner("floor", e.unit)}), "format filter.owner.type"
    ),
    Row("apply: None", lambda e: e.directory.apply(None, actor=ACTOR), "type operations"),  # type: ignore[arg-type]
    Row("apply: an object", lambda e: e.directory.apply({}, actor=ACTOR), "type operations"),  # type: ignore[arg-type]
    Row("apply: too many", lambda e: e.directory.apply([{}] * 10_001, actor=ACTOR), "too_many operations"),  # type: ignore[typeddict-item]
    Row("apply: unknown noun", lambda e: e.directory.apply(LIFT, actor=ACTOR), "format operations[0].noun"),
    Row("revision: text", lambda e: e.directory.changes_since("1"), "type revision"),  # type: ignore[arg-type]
    Row("revision: huge", lambda e: e.directory.snapshot_changes(2**64), "range base_revision"),
    Row("limit: 0", lambda e: e.directory.list_audit(0), "range limit"),
    Row("limit: huge", lambda e: e.directory.list_calls(10**9), "range limit"),
    Row("explain: a number", lambda e: e.directory.explain_call(7), "type call_id"),  # type: ignore[arg-type]
    Row("explain: a surrogate", lambda e: e.directory.explain_call("\ud800"), "format call_id"),
    Row(
        "events: of no call",
        lambda e: e.directory.record_events("s", [(1, {"type": "registered", "at": "x"})]),
        "required events[0].call_id",
    ),
    Row("simulate: at", lambda e: e.directory.simulate(e.gate, "401", "tomorrow"), "format at"),
    Row("simulate: no such day", lambda e: e.directory.simulate(e.gate, "401", "2026-02-30T00:00:00Z"), "format at"),
    Row(
        "simulate: another offset",
        lambda e: e.directory.simulate(e.gate, "401", "2026-02-03T00:00:00+01:00"),
        "format at",
    ),
    Row("simulate: dialled", lambda e: e.directory.simulate(e.gate, 401), "type dialled"),  # type: ignore[arg-type]
    Row("events: no pairs", lambda e: e.directory.record_events("s", [{}]), "type events"),  # type: ignore[list-item]
    Row("events: no number", lambda e: e.directory.record_events("s", [("1", {})]), "type events"),  # type: ignore[list-item]
    Row(
        "events: a float", lambda e: e.directory.record_events("s", [(1, {"x": float("nan")})]), "range events[0][1].x"
    ),
    Row("events: empty", lambda e: e.directory.record_events("s", [(1, {})]), "required events[0].call_id"),
    Row("create: path", lambda e: Directory.create("a\0b", "n", "r.example"), "type path"),
    Row("create: path of a number", lambda e: Directory.create(7, "n", "r.example"), "type path"),  # type: ignore[arg-type]
    Row("open: path", lambda e: Directory.open(None), "type path"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_bad_input_is_refused(estate: Estate, row: Row) -> None:
    before = estate.directory.snapshot()
    with pytest.raises(DirectoryError) as refused:
        row.call(estate)
    assert refused.value.code == "invalid"
    assert row.field in [f"{field['code']} {field['path']}" for field in refused.value.fields]
    assert len(str(refused.value)) < 500
    assert len(refused.value.fields) <= 1000
    assert estate.directory.snapshot() == before
    assert estate.directory.event_cursor() is None


def test_long_dialled_text_reaches_nobody(estate: Estate) -> None:
    assert estate.directory.simulate(estate.gate, LONG)["reason"] == "unknown_number"
    assert estate.directory.simulate(estate.gate, "4\x0001")["reason"] == "unknown_number"


def test_subclasses_of_json_types_are_taken_as_what_they_are(estate: Estate) -> None:
    class Text(str):
        __slots__ = ()

        def __str__(self) -> str:
            raise AssertionError("no Python code runs while arguments are read")

    class Items(list[Any]):
        def __getitem__(self, index: Any) -> Any:
            raise AssertionError("no Python code runs while arguments are read")

    fields = estate.rule_fields(target={"type": "accounts", "account_ids": Items([Text(estate.hall)])})
    assert estate.directory.create_rule(fields, actor=Text(ACTOR))["target"]["account_ids"] == [estate.hall]


def test_wrong_signatures_are_type_errors(estate: Estate) -> None:
    with pytest.raises(TypeError):
        estate.directory.create_unit(estate.unit_fields())  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Directory()
    with pytest.raises(TypeError):
        type("Mine", (Directory,), {})

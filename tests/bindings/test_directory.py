# SPDX-License-Identifier: Apache-2.0
"""What Python sees of a directory: its nouns, changes, snapshots, events."""

import json
from pathlib import Path
import pickle
from typing import Any

from _core import Directory, DirectoryError
import pytest

from .estate import ACTOR, SITE, Estate, owner

NOUNS = {
    "site": "sites",
    "building": "buildings",
    "unit": "units",
    "account": "accounts",
    "door": "doors",
    "rule": "rules",
}


def test_a_new_directory_is_empty(directory: Directory) -> None:
    info = directory.info()
    assert (info["name"], info["realm"], info["revision"]) == ("Home", "home.example", 0)
    assert info["counts"] == dict.fromkeys(NOUNS.values(), 0)


def test_paths_may_be_text(tmp_path: Path) -> None:
    Directory.create(str(tmp_path / "a"), "A", "a.example").close()
    directory = Directory.open(str(tmp_path / "a"))
    assert directory.info()["name"] == "A"
    directory.close()


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_is_created_read_updated_listed_and_deleted(estate: Estate, noun: str) -> None:
    fields: dict[str, dict[str, Any]] = {
        "site": {**SITE, "name": "Other"},
        "building": {"site_id": estate.site, "name": "Annex", "code": "B"},
        "unit": estate.unit_fields(),
        "account": estate.account_fields(),
        "door": estate.door_fields(),
        "rule": estate.rule_fields(),
    }

    def call(name: str, *arguments: Any, **named: Any) -> Any:
        return getattr(estate.directory, name.format(noun=noun, plural=NOUNS[noun]))(*arguments, **named)

    made = call("create_{noun}", fields[noun], actor=ACTOR)
    if noun == "account":
        made, _ = made
    assert made.items() >= fields[noun].items()
    assert call("get_{noun}", made["id"]) == made
    assert made in call("list_{plural}")
    change = {"ring_seconds": 90} if noun == "rule" else {"name": "Renamed"}
    updated = call("update_{noun}", made["id"], change, actor=ACTOR)
    assert updated == {**made, **change}
    assert call("get_{noun}", made["id"]) == updated
    assert call("delete_{noun}", made["id"], actor=ACTOR) is None
    with pytest.raises(DirectoryError) as missing:
        call("get_{noun}", made["id"])
    assert missing.value.code == "not_found"
    assert updated not in call("list_{plural}")


def test_lists_are_filtered_by_parent(estate: Estate) -> None:
    directory = estate.directory
    assert [unit["id"] for unit in directory.list_units({"building_id": estate.building})] == [estate.unit]
    accounts = directory.list_accounts({"owner": owner("unit", estate.unit)})
    assert [account["username"] for account in accounts] == ["hall"]
    assert [rule["position"] for rule in directory.list_rules({"owner": owner("site", estate.site)})] == [1, 2, 3]


def test_apply_is_one_change(estate: Estate) -> None:
    unit = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    applied = estate.directory.apply(
        [
            {"operation": "create", "noun": "unit", "id": unit, "fields": estate.unit_fields()},
            {
                "operation": "create",
                "noun": "account",
                "fields": estate.account_fields(owner=owner("unit", unit)),
                "password": "correct horse",
            },
            {"operation": "delete", "noun": "account", "id": estate.hall},
        ],
        actor=ACTOR,
    )
    assert applied["revision"] == 6
    unit_result, account_result, deleted = applied["results"]
    assert unit_result["id"] == unit
    assert unit_result["object"] == estate.directory.get_unit(unit)
    assert account_result["password"] == "correct horse"
    assert deleted == {"id": estate.hall, "object": None}


def test_a_change_announces_itself(estate: Estate) -> None:
    directory = estate.directory
    base = directory.info()["revision"]
    directory.update_unit(estate.unit, {"do_not_disturb": True}, actor=ACTOR)
    changes = directory.changes_since(base)
    assert changes is not None
    nothing: dict[str, list[str]] = {plural: [] for plural in NOUNS.values()}
    assert changes == {
        "revision": base + 1,
        "added": nothing,
        "updated": {**nothing, "units": [estate.unit]},
        "removed": nothing,
    }
    assert directory.changes_since(base + 2) is None
    (entry,) = directory.list_audit(1)
    assert (entry["actor"], entry["operation"], entry["noun"], entry["id"]) == (ACTOR, "update", "unit", estate.unit)
    assert directory.list_audit(1, before=entry["sequence"]) != [entry]


def test_simulate_explains_a_call(estate: Estate) -> None:
    simulation = estate.directory.simulate(estate.gate, "401", "2026-11-22T20:00:00Z")
    assert simulation["outcome"] == "steps"
    assert simulation["called"] == {
        "site_id": estate.site,
        "building_id": estate.building,
        "unit_id": estate.unit,
        "account_id": None,
    }
    assert [(step["action"], step["usernames"]) for step in simulation["steps"]] == [
        ("ring", ["hall"]),
        ("voicemail", None),
    ]
    assert [(rule["position"], rule["matched"], rule["reason"]) for rule in simulation["rules"]] == [
        (1, True, "matched"),
        (2, True, "matched"),
        (3, False, "other_source"),
    ]
    assert simulation["rules"][0]["owner"] == owner("site", estate.site)


def test_simulate_explains_a_denial(estate: Estate) -> None:
    simulation = estate.directory.simulate(estate.gate, "999")
    assert (simulation["outcome"], simulation["code"], simulation["reason"]) == ("denied", 404, "unknown_number")
    assert simulation["called"] == dict.fromkeys(["site_id", "building_id", "unit_id", "account_id"])
    assert estate.directory.simulate("nobody", "401")["reason"] == "unknown_caller"


@pytest.mark.parametrize(
    ("at", "rings"),
    [
        ("2026-11-23T11:59:59Z", True),
        ("2026-11-23T12:00:00+00:00", False),
        ("2026-11-23T10:59:59.999999Z", False),
        ("2026-11-23T11:00:00.000001Z", True),
    ],
)
def test_simulate_knows_the_time(estate: Estate, at: str, rings: bool) -> None:
    noon = {"windows": [{"days": ["mon"], "from": "12:00", "to": "13:00"}]}  # in Paris
    rule = estate.directory.create_rule(estate.rule_fields(schedule=noon), actor=ACTOR)
    rules = estate.directory.simulate(estate.gate, "401", at)["rules"]
    assert [outcome["matched"] for outcome in rules if outcome["rule_id"] == rule["id"]] == [rings]


def test_snapshots_carry_credentials_and_nothing_else_does(estate: Estate) -> None:
    directory = estate.directory
    whole = json.loads(directory.snapshot())
    assert whole["format"] == 1
    assert whole["revision"] == 5
    assert whole["directory"] == {key: directory.info()[key] for key in ("id", "name", "realm")}
    assert len(whole["rules"]) == 3
    (hall,) = (account for account in whole["accounts"] if account["id"] == estate.hall)
    assert len(hall["ha1_md5"]) == 32
    assert len(hall["ha1_sha256"]) == 64


def test_snapshot_changes_lead_from_one_revision_to_the_next(estate: Estate) -> None:
    directory = estate.directory
    base = directory.info()["revision"]
    directory.update_unit(estate.unit, {"name": "Top"}, actor=ACTOR)
    directory.delete_account(estate.gate, actor=ACTOR)
    text = directory.snapshot_changes(base)
    assert text is not None
    changes = json.loads(text)
    assert (changes["base_revision"], changes["revision"]) == (base, base + 2)
    assert changes["changed"]["units"] == [directory.get_unit(estate.unit)]
    assert changes["removed"]["accounts"] == [estate.gate]
    assert directory.snapshot_changes(base + 3) is None


def test_events_are_recorded_once(estate: Estate) -> None:
    directory = estate.directory
    assert directory.event_cursor() is None
    event = {"type": "incoming", "call_id": "c", "at": "2026-11-22T20:00:00Z", "unit_id": estate.unit}
    assert directory.record_events("s", [(1, event), (2, {**event, "type": "missed"})]) == [1, 2]
    assert directory.record_events("s", [(2, event)]) == []
    assert directory.event_cursor() == ("s", 2)
    (call,) = directory.list_calls(10, unit_id=estate.unit)
    assert (call["status"], [part["type"] for part in call["events"]]) == ("missed", ["incoming", "missed"])
    assert directory.list_calls(10, before=call["sequence"]) == []


def test_a_call_is_explained(estate: Estate) -> None:
    directory = estate.directory
    step = {"rule_id": None, "action": "ring", "ring_seconds": 30, "on_decline": "stop", "usernames": ["hall"]}
    place = {"call_id": "c", "unit_id": estate.unit, "site_id": estate.site, "account_id": None}
    caller = {"account_id": estate.gate, "username": "gate", "kind": "door", "name": "gate"}
    away = [{"username": "hall", "since": "2026-11-22T13:02:00.000000Z"}]
    events: list[dict[str, Any]] = [
        {
            "type": "incoming",
            "at": "2026-11-22T20:00:00Z",
            "caller": caller,
            "dialled": "401",
            "steps": [step],
            "test": True,
        },
        {"type": "step", "at": "2026-11-22T20:00:00Z", "step": 0, "away": away},
        {"type": "missed", "at": "2026-11-22T20:00:30Z", "reason": "not_registered", "code": 480},
    ]
    directory.record_events("s", [(number, {**place, **event}) for number, event in enumerate(events, 1)])
    explanation = directory.explain_call("c")
    assert (explanation["call_id"], explanation["outcome"]) == ("c", "missed")
    told = {sentence["code"]: sentence for sentence in explanation["sentences"]}
    assert told["called"]["text"] == "gate called 401."
    assert told["not_registered"] == {
        "code": "not_registered",
        "at": "2026-11-22T20:00:00Z",
        "text": "hall: not registered since 14:02.",
        "parameters": {"username": "hall", "name": "hall", "since": "2026-11-22T13:02:00.000000Z"},
    }
    assert {"test_call", "step_ring", "rule_would_apply", "directory_changed", "nobody_registered"} <= told.keys()
    directory.delete_account(estate.hall, actor=ACTOR)
    assert any("deleted or renamed" in sentence["text"] for sentence in directory.explain_call("c")["sentences"])
    with pytest.raises(DirectoryError) as refused:
        directory.explain_call("d")
    assert refused.value.code == "not_found"


def test_a_closed_directory_says_so(estate: Estate) -> None:
    estate.directory.close()
    estate.directory.close()
    for call in (
        estate.directory.info,
        estate.directory.snapshot,
        lambda: estate.directory.list_units(),
        lambda: estate.directory.update_unit(estate.unit, {"name": "x"}, actor=ACTOR),
    ):
        with pytest.raises(DirectoryError) as refused:
            call()
        assert refused.value.code == "closed"


def test_errors_have_code_message_and_fields(estate: Estate) -> None:
    with pytest.raises(DirectoryError) as refused:
        estate.directory.create_unit(estate.unit_fields(number="4 1", floor=4), actor=ACTOR)
    error = refused.value
    assert error.code == "invalid"
    assert {(field["code"], field["path"]) for field in error.fields} == {("format", "number"), ("unknown", "floor")}
    assert all(field["message"] for field in error.fields)
    assert str(error) == error.message
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.code, copy.message, copy.fields) == (error.code, error.message, error.fields)


def test_field_paths_name_the_operation(estate: Estate) -> None:
    with pytest.raises(DirectoryError) as refused:
        estate.directory.apply(
            [
                {"operation": "update", "noun": "unit", "id": estate.unit, "fields": {"name": "fine"}},
                {"operation": "create", "noun": "rule", "fields": estate.rule_fields(ring_seconds=1)},
            ],
            actor=ACTOR,
        )
    assert [field["path"] for field in refused.value.fields] == ["operations[1].fields.ring_seconds"]
    assert estate.directory.get_unit(estate.unit)["name"] == "401"

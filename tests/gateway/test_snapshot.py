# SPDX-License-Identifier: Apache-2.0
"""Taking snapshots without Kamailio: what is accepted is kept, what is refused changes nothing."""

from collections.abc import Callable
import json
from pathlib import Path
import sqlite3

import pytest
from stack.gateway import Gateway

from .client import ask, patch, put
from .conftest import StartGateway
from .snapshots import OTHER_DIRECTORY, Json, changes, object_id, panel, unit, whole


def usernames(folder: Path) -> list[str]:
    with sqlite3.connect(f"file:{folder}/data/sip.sqlite?mode=ro", uri=True) as database:
        return [row[0] for row in database.execute("SELECT username FROM subscriber ORDER BY username")]


async def test_a_whole_snapshot_is_accepted_and_waits_for_kamailio(gateway: Gateway, folder: Path) -> None:
    assert await put(gateway, whole(7)) == (200, {"revision": 7, "live": False})
    status = await gateway.status()
    assert status["directory"] == whole(7)["directory"]
    assert (status["revision"], status["live_revision"], status["live"]) == (7, None, False)
    assert "kamailio.sock" in status["problem"]
    assert status["kamailio"] == {"connected": False, "version": None}
    assert usernames(folder) == ["door", "panel-1", "panel-2"]


async def test_changes_follow_their_base(gateway: Gateway, folder: Path) -> None:
    await put(gateway, whole(7))
    step = changes(7, 9, units=[unit(3)], accounts=[panel(3)], removed_accounts=[object_id(4, 1)])
    assert await patch(gateway, step) == (200, {"revision": 9, "live": False})
    assert usernames(folder) == ["door", "panel-2", "panel-3"]
    assert await patch(gateway, step) == (200, {"revision": 9, "live": False})
    for base in (7, 8, 10):
        answer = await patch(gateway, changes(base, 12, units=[unit(1)]))
        assert (answer.status, answer.code) == (409, "unknown_base")


async def test_changes_before_any_whole(gateway: Gateway) -> None:
    answer = await patch(gateway, changes(1, 2, units=[unit(1)]))
    assert (answer.status, answer.code) == (409, "unknown_base")


async def test_the_same_or_an_older_whole_is_taken(gateway: Gateway, folder: Path) -> None:
    await put(gateway, whole(7, units=3))
    assert (await put(gateway, whole(7, units=3))).json["revision"] == 7
    assert (await put(gateway, whole(5, units=1))).json["revision"] == 5
    assert usernames(folder) == ["door", "panel-1"]


async def test_a_foreign_directory_is_refused_until_it_is_adopted(gateway: Gateway) -> None:
    await put(gateway, whole(7))
    foreign = whole(1, directory=OTHER_DIRECTORY)
    for answer in (await put(gateway, foreign), await patch(gateway, changes(7, 8, OTHER_DIRECTORY, units=[unit(1)]))):
        assert (answer.status, answer.code) == (409, "foreign_directory")
        assert "Home" in answer.json["message"]
    assert (await gateway.status())["revision"] == 7
    assert (await put(gateway, foreign, adopt=True)).status == 200
    assert (await gateway.status())["directory"] == OTHER_DIRECTORY


def without(field: str) -> Callable[[Json], Json]:
    return lambda snapshot: {key: value for key, value in snapshot.items() if key != field}


def with_(**fields: object) -> Callable[[Json], Json]:
    return lambda snapshot: {**snapshot, **fields}


def first(noun: str, **fields: object) -> Callable[[Json], Json]:
    return lambda snapshot: {**snapshot, noun: [{**snapshot[noun][0], **fields}, *snapshot[noun][1:]]}


def within(part: str, **nouns: object) -> Callable[[Json], Json]:
    return lambda changes: {**changes, part: {**changes[part], **nouns}}


BAD = {
    "no format": (without("format"), "format"),
    "unknown format": (with_(format=99), "format"),
    "no revision": (without("revision"), "revision"),
    "negative revision": (with_(revision=-1), "revision"),
    "text revision": (with_(revision="7"), "revision"),
    "no directory": (without("directory"), "directory"),
    "no units": (without("units"), "units"),
    "units is an object": (with_(units={}), "units"),
    "unknown field": (with_(secret=1), "secret"),
    "unit is a text": (with_(units=["x"]), "units[0]"),
    "bad id": (first("units", id="x"), "units[0].id"),
    "unknown field of a unit": (first("units", colour="red"), "units[0].colour"),
    "number with a quote": (first("units", number="1'"), "units[0].number"),
    "username with a quote": (first("accounts", username="x'--"), "accounts[0].username"),
    "hash that is none": (first("accounts", ha1_md5="x"), "accounts[0].ha1_md5"),
    "no such building": (first("units", building_id=object_id(2, 77)), "units[0].building_id"),
    "username twice": (first("accounts", username="panel-2"), "accounts[0].username"),
    "unknown time zone": (first("sites", time_zone="Mars/Olympus"), "sites[0].time_zone"),
    "glob abuse": (first("rules", source_pattern="*" * 65), "rules[0].source_pattern"),
    "nul in a name": (first("units", name="a\0b"), "units[0].name"),
    "ten megabytes of name": (first("units", name="x" * 10_000_000), "units[0].name"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_whole_names_the_field_and_changes_nothing(gateway: Gateway, folder: Path, name: str) -> None:
    await put(gateway, whole(7))
    spoil, path = BAD[name]
    answer = await put(gateway, spoil(whole(8, units=3)))
    assert (answer.status, answer.code) == (400, "invalid")
    assert path in answer.paths
    assert (await gateway.status())["revision"] == 7
    assert usernames(folder) == ["door", "panel-1", "panel-2"]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"7",
        b"{} {}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": 1e999}',
        b'{"format": 1, "format": 2}',
    ],
)
async def test_what_is_no_snapshot(gateway: Gateway, text: bytes) -> None:
    await put(gateway, whole(7))
    for method in ("PUT", "PATCH"):
        answer = await ask(gateway, method, "/v1/snapshot", data=text)
        assert (answer.status, answer.code) == (400, "invalid"), text[:20]


@pytest.mark.parametrize(
    ("spoil", "path"),
    [
        (with_(base_revision="7"), "base_revision"),
        (without("changed"), "changed"),
        (with_(removed={}), "removed.units"),
        (within("changed", units=[unit(1) | {"number": ""}]), "changed.units[0].number"),
        (within("changed", units=[unit(1) | {"building_id": object_id(2, 77)}]), "changed.units[0].building_id"),
        (within("removed", units=["x"]), "removed.units[0]"),
        (within("removed", planets=[]), "removed.planets"),
    ],
)
async def test_bad_changes_name_the_field_and_change_nothing(
    gateway: Gateway, folder: Path, spoil: Callable[[Json], Json], path: str
) -> None:
    await put(gateway, whole(7))
    answer = await patch(gateway, spoil(changes(7, 8)))
    assert (answer.status, answer.code) == (400, "invalid")
    assert path in answer.paths
    assert (await patch(gateway, changes(7, 8, units=[unit(3)], accounts=[panel(3)]))).status == 200
    assert usernames(folder) == ["door", "panel-1", "panel-2", "panel-3"]


async def test_bad_query(gateway: Gateway) -> None:
    answer = await ask(gateway, "PUT", "/v1/snapshot?adopt=perhaps", json=whole(7))
    assert (answer.status, answer.paths) == (400, ["adopt"])


async def test_a_restart_keeps_everything(start_gateway: StartGateway, folder: Path) -> None:
    gateway = await start_gateway()
    await put(gateway, whole(7))
    await patch(gateway, changes(7, 8, units=[unit(3)], accounts=[panel(3)]))
    await gateway.kill()
    for suffix in ("", "-wal", "-shm"):
        (folder / "data" / f"sip.sqlite{suffix}").unlink(missing_ok=True)
    await gateway.start()
    assert (await gateway.status())["revision"] == 8
    assert usernames(folder) == ["door", "panel-1", "panel-2", "panel-3"]
    assert (await patch(gateway, changes(8, 9, units=[unit(1, do_not_disturb=True)]))).status == 200


async def test_registrations_without_kamailio(gateway: Gateway, folder: Path) -> None:
    await put(gateway, whole(7))
    with sqlite3.connect(folder / "data" / "location.sqlite") as database:
        database.execute(
            "INSERT INTO location (ruid, username, contact, expires, callid, last_modified, user_agent)"
            " VALUES ('r', 'panel-1', 'sip:panel-1@192.0.2.1', julianday('2999-01-02 03:04:05'), 'c', 0, ?)",
            ("phone \x01\"'",),
        )
    answer = await ask(gateway, "GET", "/v1/registrations")
    assert answer.json["registrations"] == [
        {
            "account_id": object_id(4, 1),
            "username": "panel-1",
            "contact": "sip:panel-1@192.0.2.1",
            "user_agent": "phone \x01\"'",
            "expires_at": "2999-01-02T03:04:05Z",
        }
    ]
    answer = await ask(gateway, "GET", f"/v1/registrations?account_id={object_id(4, 1)}")
    assert (answer.status, answer.code) == (503, "unavailable")
    answer = await ask(gateway, "GET", "/v1/registrations?account_id=nobody")
    assert (answer.status, answer.code) == (404, "not_found")


async def test_a_full_disk_changes_nothing(start_gateway: StartGateway, folder: Path) -> None:
    gateway = await start_gateway()
    await put(gateway, whole(7))
    with sqlite3.connect(folder / "data" / "gateway.sqlite") as database:
        database.execute("CREATE TRIGGER full BEFORE INSERT ON snapshot BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    answer = await put(gateway, whole(8, units=3))
    assert answer.status == 500
    assert "disk is full" in answer.json["message"]
    assert (await gateway.status())["revision"] == 7
    assert usernames(folder) == ["door", "panel-1", "panel-2"]


async def test_a_large_snapshot_is_taken(gateway: Gateway, folder: Path) -> None:
    text = json.dumps(whole(1, units=3000))
    answer = await ask(gateway, "PUT", "/v1/snapshot", data=text.encode())
    assert answer == (200, {"revision": 1, "live": False})
    assert len(usernames(folder)) == 3001

# SPDX-License-Identifier: Apache-2.0
"""The panel's commands, and that no input gets past them."""

from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
import pytest

from .administrator import Administrator
from .conftest import DOMAIN, AddEntry

NOBODY = "01J00000000000000000N0B0DY"
LONG = "x" * 10_000_000
"""Longer than any field; Home Assistant closes the connection for a message this long."""
QUITE_LONG = "x" * 60_000
"""Longer than any field, within what a command takes."""


async def test_every_noun_from_creation_to_deletion(entry: ConfigEntry, administrator: Administrator) -> None:
    flat = await administrator.add_flat()
    door = await administrator.create(
        "door", account_id=flat.door["id"], name="House door", method="dtmf", dtmf_code="9"
    )
    owner = {"type": "unit", "id": flat.unit["id"]}
    rule = await administrator.create("rule", owner=owner, position=1, source_pattern="@door", action="ring")
    password = flat.panel.pop("password")
    assert len(password) >= 16
    assert rule["target"] == {"type": "all"}

    made = {"site": flat.site, "building": flat.building, "unit": flat.unit, "door": door}
    for noun, thing in made.items():
        assert await administrator.do(f"{noun}/list") == [thing]
        renamed = await administrator.do(f"{noun}/update", **{f"{noun}_id": thing["id"]}, fields={"name": "Renamed"})
        assert renamed == thing | {"name": "Renamed"}
    assert await administrator.do("account/list", filter={"owner": owner}) == [flat.panel]
    assert await administrator.do("rule/list", filter={"owner": owner}) == [rule]
    assert await administrator.do("rule/delete", rule_id=rule["id"]) is None
    assert await administrator.do("rule/list", filter={"owner": owner}) == []
    assert await administrator.do("site/delete", site_id=flat.site["id"]) is None
    for noun in ("site", "building", "unit", "account", "door", "rule"):
        assert await administrator.do(f"{noun}/list") == []


async def test_a_password_is_shown_once_and_no_hash_ever(entry: ConfigEntry, administrator: Administrator) -> None:
    flat = await administrator.add_flat()
    assert flat.panel["password"]
    listed = await administrator.do("account/list")
    updated = await administrator.do("account/update", account_id=flat.panel["id"], fields={"name": "Hall"})
    known = {"id", "owner", "kind", "username", "name", "enabled"}
    assert [set(account) for account in [*listed, updated]] == [known, known, known]


async def test_passwords_given_and_made_anew(entry: ConfigEntry, administrator: Administrator) -> None:
    flat = await administrator.add_flat()
    owner = {"type": "unit", "id": flat.unit["id"]}
    fields = {"owner": owner, "kind": "mobile", "username": "phone"}
    account = await administrator.do("account/create", fields=fields, password="Correct-Horse-7")
    assert account["password"] == "Correct-Horse-7"
    made = await administrator.do("account/reset_password", account_id=account["id"])
    assert made["password"] not in ("", "Correct-Horse-7")
    given = await administrator.do("account/reset_password", account_id=account["id"], password="Battery-Staple-8")
    assert given == {"password": "Battery-Staple-8"}
    renamed = await administrator.do(
        "account/update", account_id=account["id"], fields={"username": "phone-2"}, password="Battery-Staple-8"
    )
    assert renamed["username"] == "phone-2"


async def test_simulate(entry: ConfigEntry, administrator: Administrator) -> None:
    flat = await administrator.add_flat()
    told = await administrator.do("simulate", caller_account_id=flat.door["id"], dialled="401")
    assert told["outcome"] == "steps"
    assert [step["action"] for step in told["steps"]] == ["ring", "voicemail"]
    at = await administrator.do("simulate", caller_account_id=flat.door["id"], dialled="999", at="2026-11-22T20:00:00Z")
    assert (at["outcome"], at["steps"]) == ("denied", [])


async def test_info_lists_the_entries(
    hass: HomeAssistant, entry: ConfigEntry, add_entry: AddEntry, hass_ws_client: Any
) -> None:
    other = await add_entry(name="Office", realm="office.example.org")
    await hass.config_entries.async_unload(other.entry_id)
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": f"{DOMAIN}/info"})
    answer = await client.receive_json()
    assert answer["result"] == {
        "success": True,
        "result": {
            "entries": [
                {"entry_id": entry.entry_id, "title": "Home", "state": "loaded"},
                {"entry_id": other.entry_id, "title": "Office", "state": "not_loaded"},
            ]
        },
    }


async def test_two_directories_do_not_see_each_other(
    entry: ConfigEntry, add_entry: AddEntry, administrator: Administrator
) -> None:
    other = await add_entry(name="Office", realm="office.example.org")
    site = await administrator.add_site()
    assert await administrator.do("site/list", entry_id=other.entry_id) == []
    error = await administrator.refused("site/delete", entry_id=other.entry_id, site_id=site["id"])
    assert error["code"] == "not_found"


SITE = {"name": "Lindenhof", "time_zone": "Europe/Zurich", "domain": "sip.example.org"}
RULE = {"position": 5, "source_pattern": "@door", "action": "ring"}

# command, fields (with $site, $unit, $door for ids), path of the bad field, its code
BAD_FIELDS = {
    "nothing": ("site/create", {}, "name", "required"),
    "name is a number": ("site/create", SITE | {"name": 7}, "name", "type"),
    "name is a list": ("site/create", SITE | {"name": ["x"]}, "name", "type"),
    "name is null": ("site/create", SITE | {"name": None}, "name", None),
    "name is empty": ("site/create", SITE | {"name": "  "}, "name", "length"),
    "name of 60 kB": ("site/create", SITE | {"name": QUITE_LONG}, "name", "length"),
    "name with NUL": ("site/create", SITE | {"name": "a\x00b"}, "name", "format"),
    "name with ESC": ("site/create", SITE | {"name": "\x1b[2J"}, "name", "format"),
    "name with C1 control": ("site/create", SITE | {"name": "a\x85b"}, "name", "format"),
    "unknown field": ("site/create", SITE | {"colour": "red"}, "colour", "unknown"),
    "unknown time zone": ("site/create", SITE | {"time_zone": "Mars/Base"}, "time_zone", None),
    "time zone is a path": ("site/create", SITE | {"time_zone": "../../etc/passwd"}, "time_zone", None),
    "domain with quotes": ("site/create", SITE | {"domain": 'a";--'}, "domain", "format"),
    "unknown site": ("building/create", {"site_id": NOBODY, "name": "A", "code": "A"}, "site_id", "not_found"),
    "site id is SQL": ("building/create", {"site_id": "' OR 1=1", "name": "A", "code": "A"}, "site_id", None),
    "site id is an object": ("building/create", {"site_id": {}, "name": "A", "code": "A"}, "site_id", "type"),
    "number with spaces": ("unit/create", {"building_id": "$building", "number": "4 01"}, "number", "format"),
    "flag is text": (
        "unit/create",
        {"building_id": "$building", "number": "5", "do_not_disturb": "yes"},
        "do_not_disturb",
        "type",
    ),
    "username in capitals": (
        "account/create",
        {"owner": {"type": "unit", "id": "$unit"}, "kind": "panel", "username": "Panel"},
        "username",
        "format",
    ),
    "username twice": (
        "account/create",
        {"owner": {"type": "unit", "id": "$unit"}, "kind": "panel", "username": "front-door"},
        "username",
        "duplicate",
    ),
    "panel of a building": (
        "account/create",
        {"owner": {"type": "building", "id": "$building"}, "kind": "panel", "username": "p"},
        "owner",
        None,
    ),
    "rule of nobody": ("rule/create", RULE | {"owner": {"type": "unit", "id": NOBODY}}, "owner", None),
    "glob too long": ("rule/create", RULE | {"source_pattern": "*" * 65}, "source_pattern", None),
    "glob of 60 kB": ("rule/create", RULE | {"source_pattern": "*a" * 30_000}, "source_pattern", None),
    "glob with brackets": ("rule/create", RULE | {"source_pattern": "[a-z]"}, "source_pattern", "format"),
    "glob with backslash": ("rule/create", RULE | {"source_pattern": "a\\*"}, "source_pattern", "format"),
    "unknown selector": ("rule/create", RULE | {"source_pattern": "@world"}, "source_pattern", None),
    "position is huge": ("rule/create", RULE | {"position": 10**30}, "position", None),
    "position is a fraction": ("rule/create", RULE | {"position": 1.5}, "position", "type"),
    "target of another unit": (
        "rule/create",
        RULE | {"target": {"type": "accounts", "account_ids": ["$door"]}},
        "target.account_ids[0]",
        None,
    ),
    "schedule without windows": ("rule/create", RULE | {"schedule": {"windows": []}}, "schedule.windows", None),
    "time of no day": (
        "rule/create",
        RULE | {"schedule": {"windows": [{"days": ["mon"], "from": "25:00", "to": "08:00"}]}},
        "schedule.windows[0].from",
        "format",
    ),
}


def with_ids(fields: Any, ids: dict[str, str]) -> Any:
    if isinstance(fields, dict):
        return {name: with_ids(value, ids) for name, value in fields.items()}
    if isinstance(fields, list):
        return [with_ids(value, ids) for value in fields]
    return ids.get(fields, fields) if isinstance(fields, str) else fields


@pytest.mark.parametrize(("command", "fields", "path", "code"), BAD_FIELDS.values(), ids=BAD_FIELDS.keys())
async def test_a_bad_field_is_named(
    entry: ConfigEntry,
    administrator: Administrator,
    command: str,
    fields: dict[str, Any],
    path: str,
    code: str | None,
) -> None:
    flat = await administrator.add_flat()
    if command == "rule/create":
        fields = {"owner": {"type": "unit", "id": "$unit"}} | fields
    ids = {f"${noun}": getattr(flat, noun)["id"] for noun in ("site", "building", "unit", "door")}
    before = (await administrator.do("status"))["directory"]
    error = await administrator.refused(command, fields=with_ids(fields, ids))
    assert error["code"] == "invalid"
    named = {field["path"]: field["code"] for field in error["fields"]}
    assert any(place == path or place.startswith(f"{path}.") for place in named), named
    assert code is None or code in named.values(), named
    assert all(field["message"] for field in error["fields"])
    assert (await administrator.do("status"))["directory"] == before


async def test_every_bad_field_is_named_at_once(entry: ConfigEntry, administrator: Administrator) -> None:
    error = await administrator.refused("site/create", fields={"name": "", "domain": "a b", "colour": 1})
    assert {field["path"] for field in error["fields"]} == {"name", "domain", "time_zone", "colour"}


UNKNOWN_IDS = {
    "of nobody": NOBODY,
    "empty": "",
    "SQL": "x' OR '1'='1",
    "NUL": "01J0000000000000\x00000000000",
    "path": "../../home",
    "not ASCII": "Ð1Ж",
}


@pytest.mark.parametrize("object_id", UNKNOWN_IDS.values(), ids=UNKNOWN_IDS.keys())
@pytest.mark.parametrize("noun", ["site", "building", "unit", "account", "door", "rule"])
async def test_unknown_ids(entry: ConfigEntry, administrator: Administrator, noun: str, object_id: str) -> None:
    for command, more in (("update", {"fields": {"name": "x"}}), ("delete", {})):
        error = await administrator.refused(f"{noun}/{command}", **{f"{noun}_id": object_id}, **more)
        assert error["code"] in ("not_found", "invalid")
        assert error["message"]


async def test_what_is_in_use_is_not_deleted(entry: ConfigEntry, administrator: Administrator) -> None:
    flat = await administrator.add_flat()
    owner = {"type": "unit", "id": flat.unit["id"]}
    target = {"type": "accounts", "account_ids": [flat.panel["id"]]}
    await administrator.create("rule", owner=owner, position=1, source_pattern="*", action="ring", target=target)
    error = await administrator.refused("account/delete", account_id=flat.panel["id"])
    assert error["code"] == "in_use"
    assert error["fields"]


MALFORMED = {
    "no entry": ("site/list", {"entry_id": None}),
    "entry is an object": ("site/list", {"entry_id": {}}),
    "entry id too long": ("site/list", {"entry_id": QUITE_LONG}),
    "no fields": ("site/create", {}),
    "fields are a list": ("site/create", {"fields": []}),
    "fields are text": ("site/create", {"fields": "name=x"}),
    "fields of 100 kB": ("site/create", {"fields": {"name": "x" * 100_000}}),
    "many fields": ("site/create", {"fields": {f"field{number}": 1 for number in range(10_000)}}),
    "id is a number": ("site/delete", {"site_id": 7}),
    "id too long": ("site/delete", {"site_id": QUITE_LONG}),
    "filter is a list": ("unit/list", {"filter": []}),
    "unknown key": ("site/list", {"colour": "red"}),
    "a password for a site": ("site/create", {"fields": SITE, "password": "Correct-Horse-7"}),
    "password is a number": ("account/reset_password", {"account_id": NOBODY, "password": 1}),
    "password too long": ("account/reset_password", {"account_id": NOBODY, "password": QUITE_LONG}),
    "dialled too long": ("simulate", {"caller_account_id": NOBODY, "dialled": QUITE_LONG}),
    "dialled is a number": ("simulate", {"caller_account_id": NOBODY, "dialled": 401}),
    "moment too long": ("simulate", {"caller_account_id": NOBODY, "dialled": "401", "at": QUITE_LONG}),
}


@pytest.mark.parametrize(("command", "message"), MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_message_of_the_wrong_form(
    entry: ConfigEntry, administrator: Administrator, command: str, message: dict[str, Any]
) -> None:
    answer = await administrator.send(command, **message)
    assert (answer["success"], answer["error"]["code"]) == (False, "invalid_format")
    assert len(answer["error"]["message"]) < 200_000
    assert await administrator.do("site/list") == []


async def test_ten_megabytes(hass: HomeAssistant, entry: ConfigEntry, hass_ws_client: Any) -> None:
    client = await hass_ws_client(hass)
    message = {"type": f"{DOMAIN}/site/create", "entry_id": entry.entry_id, "fields": SITE | {"name": LONG}}
    with suppress(ConnectionError):
        await client.send_json_auto_id(message)
    answer = await client.receive()
    assert answer.type in (WSMsgType.CLOSE, WSMsgType.CLOSED)
    again = Administrator(hass, await hass_ws_client(hass))
    assert await again.do("site/list") == []


BAD_SIMULATIONS = {
    "moment is no moment": ({"caller_account_id": "$door", "dialled": "401", "at": "yesterday"}, "invalid"),
    "moment of the year 99999": (
        {"caller_account_id": "$door", "dialled": "401", "at": "99999-01-01T00:00:00Z"},
        "invalid",
    ),
}


@pytest.mark.parametrize(("message", "code"), BAD_SIMULATIONS.values(), ids=BAD_SIMULATIONS.keys())
async def test_a_simulation_that_makes_no_sense(
    entry: ConfigEntry, administrator: Administrator, message: dict[str, Any], code: str
) -> None:
    flat = await administrator.add_flat()
    error = await administrator.refused("simulate", **with_ids(message, {"$door": flat.door["id"]}))
    assert error["code"] == code


@pytest.mark.parametrize("caller", [NOBODY, "", "%s%n", "a\x00b"])
async def test_a_caller_of_nobody_is_denied(entry: ConfigEntry, administrator: Administrator, caller: str) -> None:
    told = await administrator.do("simulate", caller_account_id=caller, dialled="401")
    assert (told["outcome"], told["reason"]) == ("denied", "unknown_caller")


@pytest.mark.parametrize("dialled", ["", "☎", "40\x001", "%x%x", "a" * 256])
async def test_whatever_is_dialled_is_at_most_unknown(
    entry: ConfigEntry, administrator: Administrator, dialled: str
) -> None:
    flat = await administrator.add_flat()
    result = await administrator.ask("simulate", caller_account_id=flat.door["id"], dialled=dialled)
    assert not result["success"] or result["result"]["outcome"] == "denied"


@pytest.mark.parametrize("command", ["site/list", "simulate", "status"])
async def test_unknown_entry(entry: ConfigEntry, administrator: Administrator, command: str) -> None:
    more = {"caller_account_id": NOBODY, "dialled": "401"} if command == "simulate" else {}
    answer = await administrator.send(command, entry_id="nobody", **more)
    assert answer["error"]["code"] == "not_found"
    assert "nobody" in answer["error"]["message"]


async def test_an_entry_of_someone_else(hass: HomeAssistant, entry: ConfigEntry, administrator: Administrator) -> None:
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    answer = await administrator.send("site/list", entry_id=other.entry_id)
    assert answer["error"]["code"] == "not_found"


async def test_an_entry_that_is_not_loaded(
    hass: HomeAssistant, entry: ConfigEntry, administrator: Administrator
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    answer = await administrator.send("site/list", entry_id=entry.entry_id)
    assert answer["error"]["code"] == "not_found"
    assert "Home is not loaded" in answer["error"]["message"]


async def test_a_directory_that_fails_is_an_error(entry: ConfigEntry, administrator: Administrator) -> None:
    await entry.runtime_data.directory.close()
    answer = await administrator.send("site/list")
    assert answer["error"]["code"] == "home_assistant_error"
    assert answer["error"]["translation_key"] == "directory_failed"


COMMANDS = [
    *(
        f"{noun}/{verb}"
        for noun in ("site", "building", "unit", "account", "door", "rule")
        for verb in ("list", "create", "update", "delete")
    ),
    "account/reset_password",
    "simulate",
    "status",
]


def arguments_of(command: str) -> dict[str, Any]:
    """Of the right form, so that the refusal is not about that."""
    noun, _, verb = command.partition("/")
    if command == "simulate":
        return {"caller_account_id": NOBODY, "dialled": "401"}
    fields = {"fields": {}} if verb in ("create", "update") else {}
    identified = {f"{noun}_id": NOBODY} if verb in ("update", "delete", "reset_password") else {}
    return fields | identified


@pytest.mark.parametrize("command", COMMANDS)
async def test_administrators_only(
    hass: HomeAssistant, entry: ConfigEntry, hass_ws_client: Any, hass_read_only_access_token: str, command: str
) -> None:
    member = Administrator(hass, await hass_ws_client(hass, hass_read_only_access_token))
    answer = await member.send(command, **arguments_of(command))
    assert (answer["success"], answer["error"]["code"]) == (False, "unauthorized")


async def test_the_audit_names_the_administrator(
    entry: ConfigEntry, administrator: Administrator, hass_admin_user: Any
) -> None:
    await administrator.add_site()
    (line, *_) = await entry.runtime_data.directory.read(lambda core: core.list_audit(1))
    assert line["actor"] == hass_admin_user.id

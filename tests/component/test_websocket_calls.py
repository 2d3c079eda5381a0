# SPDX-License-Identifier: Apache-2.0
"""The panel's commands on calls, sessions, registrations, messages and greetings."""

from base64 import b64decode, b64encode
import json
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
import pytest

from .administrator import Administrator, Flat
from .call_events import call_event
from .fake_gateway import FakeGateway
from .fake_services import PASSWORD, TOKEN_OF_SESSION, TURN, call, message, registration
from .waiting import until


@pytest.fixture
async def flat(connected_entry: ConfigEntry, administrator: Administrator) -> Flat:
    return await administrator.add_flat()


async def ring_unanswered(gateway: FakeGateway, flat: Flat, entry: ConfigEntry) -> None:
    """A call that the log has in the end."""
    await until(lambda: gateway.listeners)
    away = [{"username": "panel-401", "since": "2026-11-22T13:02:00.000000Z"}]
    await gateway.emit(call_event(flat))
    await gateway.emit(call_event(flat, "step", step=0, away=away))
    number = await gateway.emit(call_event(flat, "missed", reason="not_registered", code=480))
    directory = entry.runtime_data.directory
    while await directory.read(lambda core: core.event_cursor()) != (gateway.stream, number):
        assert entry.runtime_data.gateway.events.connected


async def test_the_log_and_its_explanation(
    connected_entry: ConfigEntry, gateway: FakeGateway, administrator: Administrator, flat: Flat
) -> None:
    await ring_unanswered(gateway, flat, connected_entry)
    (logged,) = await administrator.do("call/list")
    assert (logged["call_id"], logged["status"], logged["reason"]) == ("call-1", "missed", "not_registered")
    assert await administrator.do("call/list", unit_id=flat.unit["id"], limit=1, before=None) == [logged]
    assert await administrator.do("call/list", before=logged["sequence"]) == []
    assert await administrator.do("call/list", unit_id="of nobody") == []
    explained = await administrator.do("call/explain", call_id="call-1")
    assert (explained["call_id"], explained["outcome"]) == ("call-1", "missed")
    texts = {sentence["code"]: sentence["text"] for sentence in explained["sentences"]}
    assert texts["called"] == "Front door called 401."
    assert texts["not_registered"] == "panel-401: not registered since 14:02."
    assert (await administrator.refused("call/explain", call_id="call-2"))["code"] == "not_found"


@pytest.mark.parametrize("limit", [0, -1, 1001, 10**15, True])
async def test_pages_of_the_log_are_bounded(entry: ConfigEntry, administrator: Administrator, limit: Any) -> None:
    error = await administrator.refused("call/list", limit=limit)
    assert [field["path"] for field in error["fields"]] == ["limit"]


async def test_calls_that_go_on(administrator: Administrator, gateway: FakeGateway, flat: Flat) -> None:
    gateway.services.calls = [call("a"), call("b")]
    assert await administrator.do("call/active") == {"calls": gateway.services.calls}
    assert await administrator.do("call/end", call_id="a", reason="door_opened") is None
    assert await administrator.do("call/end", call_id="b") is None
    assert gateway.services.ended == [("a", "door_opened"), ("b", None)]
    error = await administrator.refused("call/end", call_id="a")
    assert error == {"code": "not_found", "message": "No: not_found.", "fields": []}


async def test_a_test_call(administrator: Administrator, gateway: FakeGateway, flat: Flat) -> None:
    door = flat.door["id"]
    made = await administrator.do("call/test", account_id=door, dialled="401")
    assert made == {"sip_call_id": "test-1@gateway"}
    assert gateway.services.test_calls == [{"account_id": door, "dialled": "401"}]
    gateway.services.disabled = {door}
    error = await administrator.refused("call/test", account_id=door, dialled="401")
    assert error["code"] == "account_disabled"


async def test_sessions(administrator: Administrator, gateway: FakeGateway, flat: Flat) -> None:
    gateway.services.turn = TURN
    panel = flat.panel["id"]
    made = await administrator.do("session/create", account_id=panel, seconds=60)
    assert (made["session_id"], made["password"], made["turn"]) == ("session-1", PASSWORD, TURN)
    renewed = await administrator.do("session/renew", session_id="session-1")
    assert renewed["expires_at"] > made["expires_at"]
    listed = await administrator.do("session/list", account_id=panel)
    assert [found["session_id"] for found in listed["sessions"]] == ["session-1"]
    assert await administrator.do("session/revoke", session_id="session-1") is None
    assert await administrator.do("session/list") == {"sessions": []}
    assert (await administrator.refused("session/renew", session_id="session-1"))["code"] == "not_found"


async def test_the_secrets_of_a_session_are_nowhere_else(
    hass: HomeAssistant,
    connected_entry: ConfigEntry,
    administrator: Administrator,
    gateway: FakeGateway,
    flat: Flat,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from custom_components.neolia_intercom.diagnostics import async_get_config_entry_diagnostics

    logging.getLogger("custom_components.neolia_intercom").setLevel(logging.DEBUG)
    gateway.services.turn = TURN
    await administrator.do("session/create", account_id=flat.panel["id"])
    listed = json.dumps(await administrator.do("session/list"))
    shown = json.dumps(await async_get_config_entry_diagnostics(hass, connected_entry))
    ours = [record.getMessage() for record in caplog.records if "neolia" in record.name]
    for secret in (PASSWORD, TOKEN_OF_SESSION, TURN["credential"]):
        assert secret not in listed + shown + "".join(ours)


async def test_registrations(administrator: Administrator, gateway: FakeGateway, flat: Flat) -> None:
    gateway.services.registrations = [registration("panel-401", flat.panel["id"]), registration("gone", None)]
    assert await administrator.do("registration/list") == {"registrations": gateway.services.registrations}
    listed = await administrator.do("registration/list", account_id=flat.panel["id"])
    assert [found["username"] for found in listed["registrations"]] == ["panel-401"]


async def test_messages(administrator: Administrator, gateway: FakeGateway, flat: Flat) -> None:
    gateway.services.messages = [message("a", unit_id=flat.unit["id"]), message("b")]
    gateway.services.media = bytes(range(256)) * 8_000
    assert await administrator.do("message/list") == {"messages": gateway.services.messages}
    listed = await administrator.do("message/list", unit_id=flat.unit["id"])
    assert [found["message_id"] for found in listed["messages"]] == ["a"]
    fetched = await administrator.do("message/fetch", message_id="a")
    assert (fetched["media_type"], b64decode(fetched["data"])) == ("video/mp4", gateway.services.media)
    assert await administrator.do("message/delete", message_id="a") is None
    assert (await administrator.refused("message/fetch", message_id="a"))["code"] == "not_found"


async def test_greetings(administrator: Administrator, gateway: FakeGateway, flat: Flat) -> None:
    data = b64encode(b"RIFF" + bytes(2_000_000)).decode()
    assert await administrator.do("greeting/set", unit_id=flat.unit["id"], data=data) == {"seconds": 2.5}
    assert len(gateway.services.greetings[flat.unit["id"]]) == 2_000_004
    assert await administrator.do("greeting/reset", unit_id=flat.unit["id"]) is None
    assert gateway.services.greetings == {}
    for bad in ("no base64!", "☎", b64encode(b"MP3").decode()):
        error = await administrator.refused("greeting/set", data=bad)
        assert (error["code"], error["fields"][0]["code"]) == ("invalid", "format")


GATEWAY_COMMANDS: dict[str, dict[str, Any]] = {
    "call/active": {},
    "call/end": {"call_id": "call-1"},
    "call/test": {"account_id": "a", "dialled": "401"},
    "session/create": {"account_id": "a"},
    "session/renew": {"session_id": "s"},
    "session/list": {},
    "session/revoke": {"session_id": "s"},
    "registration/list": {},
    "message/list": {},
    "message/fetch": {"message_id": "m"},
    "message/delete": {"message_id": "m"},
    "greeting/set": {"data": "UklGRg=="},
    "greeting/reset": {},
}
COMMANDS = GATEWAY_COMMANDS | {"call/list": {}, "call/explain": {"call_id": "call-1"}}


@pytest.mark.parametrize("command", GATEWAY_COMMANDS)
async def test_without_a_gateway(entry: ConfigEntry, administrator: Administrator, command: str) -> None:
    answer = await administrator.send(command, **GATEWAY_COMMANDS[command])
    assert not answer["success"]
    assert answer["error"]["translation_key"] == "no_gateway"
    assert answer["error"]["translation_placeholders"] == {"name": "Home"}


FAILURES = {
    "away": ("gateway_unreachable", "could not be reached"),
    "token": ("gateway_unauthorized", "token"),
    "page": ("gateway_unexpected", "not JSON"),
    "fault": ("gateway_refused", "No: unavailable"),
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_gateway_that_fails_is_an_error(
    administrator: Administrator, gateway: FakeGateway, flat: Flat, failure: str
) -> None:
    from aiohttp import web

    if failure == "away":
        await gateway.go_away()
    elif failure == "token":
        gateway.token = "another"
    elif failure == "page":
        gateway.answer = web.Response(text="<html>")
    else:
        gateway.services.is_down = True
    key, details = FAILURES[failure]
    answer = await administrator.send("call/end", call_id="call-1")
    assert (answer["success"], answer["error"]["translation_key"]) == (False, key)
    assert details in answer["error"]["translation_placeholders"]["details"]


@pytest.mark.parametrize("command", COMMANDS)
async def test_administrators_only(
    hass: HomeAssistant, entry: ConfigEntry, hass_ws_client: Any, hass_read_only_access_token: str, command: str
) -> None:
    member = Administrator(hass, await hass_ws_client(hass, hass_read_only_access_token))
    answer = await member.send(command, **COMMANDS[command])
    assert (answer["success"], answer["error"]["code"]) == (False, "unauthorized")


@pytest.mark.parametrize("command", COMMANDS)
async def test_an_entry_of_nobody(entry: ConfigEntry, administrator: Administrator, command: str) -> None:
    answer = await administrator.send(command, entry_id="nobody", **COMMANDS[command])
    assert answer["error"]["code"] == "not_found"


LONG = "x" * 60_000
MALFORMED: dict[str, tuple[str, dict[str, Any]]] = {
    "limit is text": ("call/list", {"limit": "5"}),
    "limit is a fraction": ("call/list", {"limit": 1.5}),
    "before is text": ("call/list", {"before": "5"}),
    "unit is a number": ("call/list", {"unit_id": 7}),
    "no call": ("call/explain", {}),
    "call is a list": ("call/explain", {"call_id": []}),
    "call id too long": ("call/end", {"call_id": LONG}),
    "unknown reason": ("call/end", {"call_id": "a", "reason": "bored"}),
    "test without a caller": ("call/test", {"dialled": "401"}),
    "dialled too long": ("call/test", {"account_id": "a", "dialled": LONG}),
    "session of nobody": ("session/create", {}),
    "seconds are text": ("session/create", {"account_id": "a", "seconds": "60"}),
    "session id is null": ("session/revoke", {"session_id": None}),
    "account id is an object": ("registration/list", {"account_id": {}}),
    "no message": ("message/fetch", {}),
    "data are bytes of numbers": ("greeting/set", {"data": [1, 2]}),
    "unknown key": ("greeting/reset", {"data": "UklGRg=="}),
}


@pytest.mark.parametrize(("command", "fields"), MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_message_of_the_wrong_form(
    connected_entry: ConfigEntry,
    administrator: Administrator,
    gateway: FakeGateway,
    command: str,
    fields: dict[str, Any],
) -> None:
    answer = await administrator.send(command, **fields)
    assert (answer["success"], answer["error"]["code"]) == (False, "invalid_format")


@pytest.mark.parametrize("object_id", ["", "..", "../status", "a/b", "☎", "a\x00b"])
async def test_ids_that_are_none(
    administrator: Administrator, gateway: FakeGateway, flat: Flat, object_id: str
) -> None:
    for command, name in (("call/end", "call_id"), ("session/revoke", "session_id"), ("message/delete", "message_id")):
        assert (await administrator.refused(command, **{name: object_id}))["code"] == "not_found"
    assert (await administrator.refused("call/explain", call_id=object_id))["code"] == "not_found"

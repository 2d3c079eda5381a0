# SPDX-License-Identifier: Apache-2.0
"""What is asked of a gateway arrives there, and no answer gets past unchecked."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web
import pytest

from custom_components.neolia_intercom import gateway_services
from custom_components.neolia_intercom.gateway_client import (
    GatewayClient,
    GatewayRefusedError,
    GatewayUnauthorizedError,
    GatewayUnexpectedError,
    GatewayUnreachableError,
    Media,
)
from custom_components.neolia_intercom.gateway_services import GatewayServices

from .fake_gateway import TOKEN, FakeGateway
from .fake_services import PASSWORD, TOKEN_OF_SESSION, TURN, call, message, registration

PANEL = "01J0000000000000000000PAN1"
UNIT = "01J00000000000000000000N1T"


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def services(session: aiohttp.ClientSession, gateway: FakeGateway) -> GatewayServices:
    return GatewayServices(GatewayClient(session, gateway.url, TOKEN))


async def test_calls(services: GatewayServices, gateway: FakeGateway) -> None:
    gateway.services.calls = [call("a"), call("b", state="answered", by="panel-401", test=True), call("c", caller=None)]
    assert await services.list_calls() == {"calls": gateway.services.calls}
    await services.end_call("a", "door_opened")
    await services.end_call("b")
    assert gateway.services.ended == [("a", "door_opened"), ("b", None)]
    gateway.services.calls = [call("d"), call("e")]
    assert await services.end_calls_of(call()["caller"]["account_id"]) == 2
    assert await services.end_calls_of(call()["caller"]["account_id"]) == 0


async def test_a_test_call(services: GatewayServices, gateway: FakeGateway) -> None:
    assert await services.test_call(PANEL, "401") == {"sip_call_id": "test-1@gateway"}
    assert gateway.services.test_calls == [{"account_id": PANEL, "dialled": "401"}]
    with pytest.raises(GatewayRefusedError) as caught:
        await services.test_call(PANEL, "401")
    assert (caught.value.reason, caught.value.is_fault) == ("too_many", False)


async def test_sessions(services: GatewayServices, gateway: FakeGateway) -> None:
    gateway.services.turn = TURN
    made = await services.create_session(PANEL, 60)
    assert (made["password"], made["path"]) == (PASSWORD, f"/v1/sip?session={TOKEN_OF_SESSION}")
    assert (made["turn"], made["expires_at"]) == (TURN, "2026-11-22T20:01:00+00:00")
    gateway.services.turn = None
    assert (await services.create_session("other"))["turn"] is None
    renewed = await services.renew_session("session-1", 120)
    kept = {name: value for name, value in made.items() if name not in ("password", "path")}
    assert renewed == kept | {"expires_at": "2026-11-22T20:02:00+00:00"}
    listed = await services.list_sessions(PANEL)
    assert [found["session_id"] for found in listed["sessions"]] == ["session-1"]
    assert len((await services.list_sessions())["sessions"]) == 2
    await services.revoke_session("session-1")
    assert set(gateway.services.sessions) == {"session-2"}


async def test_a_list_of_sessions_has_no_secrets_whatever_comes(
    services: GatewayServices, gateway: FakeGateway
) -> None:
    listed = {"session_id": "s", "account_id": PANEL, "expires_at": "2026", "registered": True}
    gateway.answer = web.json_response({"sessions": [listed | {"password": PASSWORD}], "more": PASSWORD})
    assert await services.list_sessions() == {"sessions": [listed]}


async def test_registrations(services: GatewayServices, gateway: FakeGateway) -> None:
    gateway.services.registrations = [registration("panel-401", PANEL), registration("gone", None)]
    assert await services.list_registrations() == {"registrations": gateway.services.registrations}
    assert await services.list_registrations(PANEL) == {"registrations": gateway.services.registrations[:1]}


async def test_registrations_of_a_large_estate(services: GatewayServices, gateway: FakeGateway) -> None:
    gateway.services.registrations = [registration(f"panel-{number}", PANEL) for number in range(40_000)]
    assert len((await services.list_registrations())["registrations"]) == 40_000


async def test_messages(services: GatewayServices, gateway: FakeGateway) -> None:
    gateway.services.messages = [message("a", seconds=3), message("b", unit_id=None, media_type="audio/mp4")]
    assert await services.list_messages() == {"messages": gateway.services.messages}
    assert [found["message_id"] for found in (await services.list_messages(UNIT))["messages"]] == ["a"]
    assert await services.fetch_message("b") == Media("audio/mp4", gateway.services.media)
    await services.delete_message("a")
    assert [found["message_id"] for found in gateway.services.messages] == ["b"]


async def test_a_message_is_bounded_and_media(
    services: GatewayServices, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway_services, "MAX_MEDIA", 6)
    gateway.services.messages = [message("a"), message("b", media_type="text/html")]
    with pytest.raises(GatewayUnexpectedError, match="larger than 6 bytes"):
        await services.fetch_message("a")
    gateway.services.media = b"<html>"
    with pytest.raises(GatewayUnexpectedError, match="neither audio nor video"):
        await services.fetch_message("b")


async def test_greetings(services: GatewayServices, gateway: FakeGateway) -> None:
    assert await services.set_greeting(b"RIFF of all") == {"seconds": 2.5}
    await services.set_greeting(b"RIFF of one", UNIT)
    assert gateway.services.greetings == {None: b"RIFF of all", UNIT: b"RIFF of one"}
    await services.reset_greeting(UNIT)
    await services.reset_greeting()
    assert gateway.services.greetings == {}
    with pytest.raises(GatewayRefusedError) as caught:
        await services.set_greeting(b"MP3")
    assert caught.value.reason == "invalid"
    assert caught.value.fields == [{"code": "format", "path": "body", "message": "Must be a WAV file."}]
    with pytest.raises(GatewayRefusedError, match="5 MB"):
        await services.set_greeting(bytes(gateway_services.MAX_GREETING + 1))


@pytest.mark.parametrize("object_id", ["", ".", "..", "../snapshot", "a/b", "a?b", "a#b", "é", "x" * 65, "a b", "%2e"])
async def test_what_is_no_id_reaches_nothing(services: GatewayServices, gateway: FakeGateway, object_id: str) -> None:
    gateway.away = True
    for ask in (services.end_call, services.revoke_session, services.delete_message, services.fetch_message):
        with pytest.raises(GatewayRefusedError) as caught:
            await ask(object_id)
        assert caught.value.reason == "not_found"


ASKED: dict[str, Callable[[GatewayServices], Awaitable[Any]]] = {
    "list_calls": lambda services: services.list_calls(),
    "end_call": lambda services: services.end_call("a"),
    "end_calls_of": lambda services: services.end_calls_of("a"),
    "test_call": lambda services: services.test_call("a", "401"),
    "create_session": lambda services: services.create_session("a"),
    "renew_session": lambda services: services.renew_session("a"),
    "list_sessions": lambda services: services.list_sessions(),
    "revoke_session": lambda services: services.revoke_session("a"),
    "list_registrations": lambda services: services.list_registrations(),
    "list_messages": lambda services: services.list_messages(),
    "fetch_message": lambda services: services.fetch_message("a"),
    "delete_message": lambda services: services.delete_message("a"),
    "set_greeting": lambda services: services.set_greeting(b"RIFF"),
    "reset_greeting": lambda services: services.reset_greeting(),
}


@pytest.mark.parametrize("name", ASKED)
async def test_a_gateway_that_cannot(services: GatewayServices, gateway: FakeGateway, name: str) -> None:
    gateway.answer = web.json_response(
        {"code": "unavailable", "message": "Kamailio is away.", "fields": []}, status=503
    )
    with pytest.raises(GatewayRefusedError, match="Kamailio is away") as caught:
        await ASKED[name](services)
    assert (caught.value.reason, caught.value.is_fault) == ("unavailable", True)
    gateway.answer = web.Response(status=401)
    with pytest.raises(GatewayUnauthorizedError):
        await ASKED[name](services)
    gateway.answer = web.Response(status=502, text="Bad Gateway")
    with pytest.raises(GatewayUnexpectedError):
        await ASKED[name](services)
    gateway.away = True
    with pytest.raises(GatewayUnreachableError):
        await ASKED[name](services)


WITHOUT_ANSWER = {"end_call", "revoke_session", "delete_message", "reset_greeting"}
BAD_ANSWERS: dict[str, Any] = {
    "a list": [],
    "empty object": {},
    "lists are objects": {name: {} for name in ("calls", "sessions", "registrations", "messages")},
    "lists of text": {name: ["x"] for name in ("calls", "sessions", "registrations", "messages")},
    "lists of empty objects": {name: [{}] for name in ("calls", "sessions", "registrations", "messages")},
    "a caller that is text": {"calls": [call(caller="gate")], "messages": [message(caller=[])]},
    "numbers as text": {"messages": [message(seconds="12")], "ended": "1", "seconds": "2.5"},
    "flags as numbers": {"calls": [call(test=1)], "ended": True, "seconds": True},
    "TURN is text": {"turn": "turn:192.0.2.7", "sip_call_id": 1},
}


@pytest.mark.parametrize("answer", BAD_ANSWERS.values(), ids=BAD_ANSWERS.keys())
@pytest.mark.parametrize("name", sorted(ASKED.keys() - WITHOUT_ANSWER))
async def test_an_answer_of_another_form(
    services: GatewayServices, gateway: FakeGateway, name: str, answer: Any
) -> None:
    gateway.answer = web.json_response(answer)
    with pytest.raises(GatewayUnexpectedError):
        await ASKED[name](services)


async def test_bad_fields_of_a_refusal_are_bounded(services: GatewayServices, gateway: FakeGateway) -> None:
    fields: list[Any] = [{"code": "format", "path": 7, "message": "x" * 5000, "secret": "x"}, "text", *([{}] * 500)]
    gateway.answer = web.json_response({"code": "invalid", "message": "No.", "fields": fields}, status=400)
    with pytest.raises(GatewayRefusedError) as caught:
        await services.list_calls()
    assert caught.value.fields[0] == {"code": "format", "path": "7", "message": "x" * 500}
    assert len(caught.value.fields) == 99
    gateway.answer = web.json_response({"code": "invalid", "message": "No.", "fields": "none"}, status=400)
    with pytest.raises(GatewayRefusedError) as caught:
        await services.list_calls()
    assert caught.value.fields == []

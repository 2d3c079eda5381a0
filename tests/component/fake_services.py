# SPDX-License-Identifier: Apache-2.0
"""Calls, sessions, registrations, messages and greetings of docs/architecture.md §5, without a Kamailio."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

CALLER = {"account_id": "01J000000000000000000GATE1", "username": "front-door", "kind": "door", "name": "Front door"}
TURN = {"urls": ["turn:192.0.2.7"], "username": "u", "credential": "turn-secret", "expires_at": "2026-11-22T21:00:00Z"}
PASSWORD = "session-secret"
TOKEN_OF_SESSION = "session-token"


def call(call_id: str = "call-1", **changed: Any) -> dict[str, Any]:
    return {
        "call_id": call_id,
        "at": "2026-11-22T20:00:00.000000Z",
        "state": "ringing",
        "caller": CALLER,
        "dialled": "401",
        "unit_id": "01J00000000000000000000N1T",
        "account_id": None,
        "by": None,
        "test": False,
        **changed,
    }


def message(message_id: str = "message-1", **changed: Any) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "call_id": "call-1",
        "at": "2026-11-22T20:00:40.000000Z",
        "unit_id": "01J00000000000000000000N1T",
        "caller": CALLER,
        "seconds": 12.4,
        "video": True,
        "media_type": "video/mp4",
        "size": 7,
        **changed,
    }


def registration(username: str, account_id: str | None) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "username": username,
        "contact": f"sip:{username}@192.0.2.20:5060",
        "user_agent": "Tablet",
        "expires_at": "2026-11-22T20:30:00Z",
    }


@dataclass
class FakeServices:
    """Set the lists; read what was asked for."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    ended: list[tuple[str, str | None]] = field(default_factory=list)
    test_calls: list[dict[str, Any]] = field(default_factory=list)
    disabled: set[str] = field(default_factory=set)
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    turn: dict[str, Any] | None = None
    registrations: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    media: bytes = b"\0\0\0\x18ftyp"
    greetings: dict[str | None, bytes] = field(default_factory=dict)
    is_down: bool = False
    """Kamailio is away."""

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/v1/calls", self._list_calls)
        router.add_post("/v1/calls", self._test_call)
        router.add_delete("/v1/calls", self._end_calls_of)
        router.add_delete("/v1/calls/{call_id}", self._end_call)
        router.add_get("/v1/sessions", self._list_sessions)
        router.add_post("/v1/sessions", self._create_session)
        router.add_patch("/v1/sessions/{session_id}", self._renew_session)
        router.add_delete("/v1/sessions/{session_id}", self._revoke_session)
        router.add_get("/v1/registrations", self._list_registrations)
        router.add_get("/v1/messages", self._list_messages)
        router.add_get("/v1/messages/{message_id}", self._fetch_message)
        router.add_delete("/v1/messages/{message_id}", self._delete_message)
        router.add_put("/v1/greeting", self._set_greeting)
        router.add_delete("/v1/greeting", self._reset_greeting)

    async def _list_calls(self, request: web.Request) -> web.Response:
        return web.json_response({"calls": self.calls})

    async def _test_call(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if asked["account_id"] in self.disabled:
            return refusal(409, "account_disabled")
        if any(made["account_id"] == asked["account_id"] for made in self.test_calls):
            return refusal(429, "too_many")
        self.test_calls.append(asked)
        return web.json_response({"sip_call_id": "test-1@gateway"}, status=202)

    async def _end_call(self, request: web.Request) -> web.Response:
        call_id = request.match_info["call_id"]
        if self.is_down:
            return refusal(503, "unavailable")
        if call_id not in {made["call_id"] for made in self.calls}:
            return refusal(404, "not_found")
        self.calls = [made for made in self.calls if made["call_id"] != call_id]
        self.ended.append((call_id, request.query.get("reason")))
        return web.Response(status=204)

    async def _end_calls_of(self, request: web.Request) -> web.Response:
        account_id = request.query["account_id"]
        kept = [made for made in self.calls if made["caller"]["account_id"] != account_id]
        ended, self.calls = len(self.calls) - len(kept), kept
        return web.json_response({"ended": ended})

    async def _list_sessions(self, request: web.Request) -> web.Response:
        account_id = request.query.get("account_id")
        names = ("session_id", "account_id", "expires_at")
        listed = [
            {name: session[name] for name in names} | {"registered": True}
            for session in self.sessions.values()
            if account_id in (None, session["account_id"])
        ]
        return web.json_response({"sessions": listed})

    async def _create_session(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if len(self.sessions) == 8:
            return refusal(429, "too_many")
        session_id = f"session-{len(self.sessions) + 1}"
        self.sessions[session_id] = {
            "session_id": session_id,
            "account_id": asked["account_id"],
            "username": session_id,
            "realm": "home.example.org",
            "aor": "sip:panel-401@home.example.org",
            "expires_at": expiry(asked),
            "turn": self.turn,
        }
        secrets = {"password": PASSWORD, "path": f"/v1/sip?session={TOKEN_OF_SESSION}"}
        return web.json_response(self.sessions[session_id] | secrets, status=201)

    async def _renew_session(self, request: web.Request) -> web.Response:
        session = self.sessions.get(request.match_info["session_id"])
        if session is None:
            return refusal(404, "not_found")
        session["expires_at"] = expiry(await request.json())
        return web.json_response(session)

    async def _revoke_session(self, request: web.Request) -> web.Response:
        if self.sessions.pop(request.match_info["session_id"], None) is None:
            return refusal(404, "not_found")
        return web.Response(status=204)

    async def _list_registrations(self, request: web.Request) -> web.Response:
        account_id = request.query.get("account_id")
        listed = [found for found in self.registrations if account_id in (None, found["account_id"])]
        return web.json_response({"registrations": listed})

    async def _list_messages(self, request: web.Request) -> web.Response:
        unit_id = request.query.get("unit_id")
        listed = [found for found in self.messages if unit_id in (None, found["unit_id"])]
        return web.json_response({"messages": listed})

    def _message(self, request: web.Request) -> dict[str, Any] | None:
        message_id = request.match_info["message_id"]
        return next((found for found in self.messages if found["message_id"] == message_id), None)

    async def _fetch_message(self, request: web.Request) -> web.Response:
        found = self._message(request)
        if found is None:
            return refusal(404, "not_found")
        return web.Response(body=self.media, content_type=found["media_type"])

    async def _delete_message(self, request: web.Request) -> web.Response:
        found = self._message(request)
        if found is None:
            return refusal(404, "not_found")
        self.messages.remove(found)
        return web.Response(status=204)

    async def _set_greeting(self, request: web.Request) -> web.Response:
        wav = await request.read()
        if not wav.startswith(b"RIFF"):
            return refusal(400, "invalid", [{"code": "format", "path": "body", "message": "Must be a WAV file."}])
        self.greetings[request.query.get("unit_id")] = wav
        return web.json_response({"seconds": 2.5})

    async def _reset_greeting(self, request: web.Request) -> web.Response:
        self.greetings.pop(request.query.get("unit_id"), None)
        return web.Response(status=204)


def expiry(asked: dict[str, Any]) -> str:
    begin = datetime(2026, 11, 22, 20, tzinfo=UTC)
    return (begin + timedelta(seconds=asked["seconds"])).isoformat()


def refusal(status: int, code: str, fields: list[dict[str, str]] | None = None) -> web.Response:
    return web.json_response({"code": code, "message": f"No: {code}.", "fields": fields or []}, status=status)

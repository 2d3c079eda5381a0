# SPDX-License-Identifier: Apache-2.0
"""What people ask of a gateway: calls, sessions, registrations, messages, greetings (docs/architecture.md §5).

Answers come in the API's own form, checked field by field; what the API does not promise is left out. Knows nothing of Home
Assistant.
"""

from collections.abc import Mapping
from functools import partial
import json
import re
from types import NoneType
from typing import Any

import aiohttp

from .gateway_client import GatewayClient, GatewayRefusedError, GatewayUnexpectedError, Media, get_value

MAX_LIST = 16 * 1024 * 1024
"""All registrations of 40,000 accounts."""
MAX_MEDIA = 32 * 1024 * 1024
MAX_GREETING = 5 * 1024 * 1024
SESSION_SECONDS = 3600
MEDIA_TIMEOUT = aiohttp.ClientTimeout(total=120, connect=10)
_SEGMENT = re.compile(r"[0-9A-Za-z-][0-9A-Za-z.-]{0,63}")
_MEDIA_TYPE = re.compile(r"(audio|video)/[a-z0-9.+-]{1,64}")

type Json = dict[str, Any]
type Form = Mapping[str, tuple[type, ...] | Form]
"""Types by name; a form in place of types is an object's own, which may be null."""

_TEXT = (str,)
_TEXT_OR_NONE = (str, NoneType)
_CALLER: Form = dict.fromkeys(("account_id", "username", "kind", "name"), _TEXT_OR_NONE)
_CALL: Form = {
    "call_id": _TEXT,
    "at": _TEXT,
    "state": _TEXT,
    "caller": _CALLER,
    **dict.fromkeys(("dialled", "unit_id", "account_id", "by"), _TEXT_OR_NONE),
    "test": (bool,),
}
_SESSION: Form = {"session_id": _TEXT, "account_id": _TEXT, "expires_at": _TEXT, "registered": (bool,)}
_TURN: Form = {"urls": (list,), "username": _TEXT, "credential": _TEXT, "expires_at": _TEXT}
_RENEWED: Form = {
    **dict.fromkeys(("session_id", "account_id", "username", "realm", "aor", "expires_at"), _TEXT),
    "turn": _TURN,
}
_CREATED: Form = {**_RENEWED, "password": _TEXT, "path": _TEXT}
_MESSAGE: Form = {
    **dict.fromkeys(("message_id", "call_id", "at"), _TEXT),
    "unit_id": _TEXT_OR_NONE,
    "caller": _CALLER,
    "seconds": (int, float),
    "video": (bool,),
    "media_type": _TEXT,
    "size": (int,),
}
_REGISTRATION: Form = {
    "account_id": _TEXT_OR_NONE,
    **dict.fromkeys(("username", "contact", "user_agent", "expires_at"), _TEXT),
}


class GatewayServices:
    """Of one gateway. Calls raise GatewayError and nothing else."""

    def __init__(self, client: GatewayClient) -> None:
        self._client = client

    async def list_calls(self) -> Json:
        """Those that have not ended, oldest first."""
        return await self._list("calls", _CALL, {})

    async def end_call(self, call_id: str, reason: str | None = None) -> None:
        """Return when it has ended."""
        await self._client.request("DELETE", _path("calls", call_id), query=_given(reason=reason))

    async def end_calls_of(self, account_id: str) -> int:
        """How many calls of the account were ended."""
        answer = await self._client.request("DELETE", "calls", query={"account_id": account_id})
        ended: int = get_value(answer, "ended", int)
        return ended

    async def test_call(self, account_id: str, dialled: str) -> Json:
        """Let the gateway call as a door would; it rings for real."""
        content = _json({"account_id": account_id, "dialled": dialled})
        return _formed({"sip_call_id": _TEXT}, await self._client.request("POST", "calls", content=content))

    async def create_session(self, account_id: str, seconds: int = SESSION_SECONDS) -> Json:
        """Credentials of one browser. The answer is secret."""
        content = _json({"account_id": account_id, "seconds": seconds})
        return _formed(_CREATED, await self._client.request("POST", "sessions", content=content))

    async def renew_session(self, session_id: str, seconds: int = SESSION_SECONDS) -> Json:
        """The same session for longer. The answer is secret when it has TURN credentials."""
        content = _json({"seconds": seconds})
        return _formed(_RENEWED, await self._client.request("PATCH", _path("sessions", session_id), content=content))

    async def list_sessions(self, account_id: str | None = None) -> Json:
        """Without their secrets."""
        return await self._list("sessions", _SESSION, _given(account_id=account_id))

    async def revoke_session(self, session_id: str) -> None:
        """Return when its credentials are gone."""
        await self._client.request("DELETE", _path("sessions", session_id))

    async def list_registrations(self, account_id: str | None = None) -> Json:
        """Contacts that are registered now."""
        return await self._list("registrations", _REGISTRATION, _given(account_id=account_id))

    async def list_messages(self, unit_id: str | None = None) -> Json:
        """The newest first."""
        return await self._list("messages", _MESSAGE, _given(unit_id=unit_id))

    async def fetch_message(self, message_id: str) -> Media:
        """Its sound, or its sound and picture."""
        media = await self._client.fetch(_path("messages", message_id), within=MEDIA_TIMEOUT, limit=MAX_MEDIA)
        if not _MEDIA_TYPE.fullmatch(media.media_type):
            raise GatewayUnexpectedError("A message is neither audio nor video.")
        return media

    async def delete_message(self, message_id: str) -> None:
        """For good."""
        await self._client.request("DELETE", _path("messages", message_id))

    async def set_greeting(self, wav: bytes, unit_id: str | None = None) -> Json:
        """Of one unit, or of all that have none of their own."""
        if len(wav) > MAX_GREETING:
            raise GatewayRefusedError("A greeting has at most 5 MB.", reason="invalid")
        content, query = Media("audio/wav", wav), _given(unit_id=unit_id)
        answer = await self._client.request("PUT", "greeting", query=query, content=content, within=MEDIA_TIMEOUT)
        return _formed({"seconds": (int, float)}, answer)

    async def reset_greeting(self, unit_id: str | None = None) -> None:
        """Back to the default."""
        await self._client.request("DELETE", "greeting", query=_given(unit_id=unit_id))

    async def _list(self, noun: str, form: Form, query: Mapping[str, str]) -> Json:
        answer = await self._client.request("GET", noun, query=query, limit=MAX_LIST)
        return {noun: list(map(partial(_formed, form), get_value(answer, noun, list)))}


def _given(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def _json(value: Json) -> Media:
    return Media("application/json", json.dumps(value).encode())


def _path(noun: str, object_id: str) -> str:
    """What is no id names nothing, least of all another path."""
    if not _SEGMENT.fullmatch(object_id):
        raise GatewayRefusedError("Nothing has this id.", reason="not_found")
    return f"{noun}/{object_id}"


def _formed(form: Form, data: object) -> Json:
    if not isinstance(data, dict):
        raise GatewayUnexpectedError("The answer has something else where an object should be.")
    return {name: _member(data, name, kind) for name, kind in form.items()}


def _member(data: Json, name: str, kind: tuple[type, ...] | Form) -> Any:
    if isinstance(kind, tuple):
        return get_value(data, name, *kind)
    value = get_value(data, name, dict, NoneType)
    return None if value is None else _formed(kind, value)

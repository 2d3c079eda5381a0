# SPDX-License-Identifier: Apache-2.0
"""`neolia_intercom/<noun>/<list|create|update|delete>` for every noun, and what only accounts have."""

from operator import methodcaller
from typing import Any

from homeassistant.components.websocket_api.const import WebSocketCommandHandler
from homeassistant.helpers.typing import VolDictType
import probatio as vol

from .command import ID, PASSWORD, Answer, Request, bounded_object, directory_command

NOUNS = {
    "site": "sites",
    "building": "buildings",
    "unit": "units",
    "account": "accounts",
    "door": "doors",
    "rule": "rules",
}
FILTER: VolDictType = {vol.Optional("filter"): bounded_object}
FIELDS: VolDictType = {vol.Required("fields"): bounded_object}
OPTIONAL_PASSWORD: VolDictType = {vol.Optional("password"): PASSWORD}


def _list(plural: str) -> Answer:
    async def answer(request: Request) -> Any:
        return await request.runtime.directory.read(methodcaller(f"list_{plural}", request.message.get("filter")))

    return answer


def _write(method: str, *arguments: str) -> Answer:
    """Call a method of the core with arguments of the message; a password goes along where the schema allows one."""

    async def answer(request: Request) -> Any:
        message = request.message
        password = {"password": message["password"]} if "password" in message else {}
        positional = [message[name] for name in arguments]
        return await request.runtime.directory.write(methodcaller(method, *positional, actor=request.actor, **password))

    return answer


async def _create_account(request: Request) -> dict[str, Any]:
    account, password = await _write("create_account", "fields")(request)
    return {**account, "password": password}


async def _reset_password(request: Request) -> dict[str, str]:
    return {"password": await _write("reset_password", "account_id")(request)}


def _commands_of(noun: str, plural: str) -> list[WebSocketCommandHandler]:
    password = OPTIONAL_PASSWORD if noun == "account" else {}
    create = _create_account if noun == "account" else _write(f"create_{noun}", "fields")
    update = _write(f"update_{noun}", f"{noun}_id", "fields")
    return [
        directory_command(f"{noun}/list", FILTER, _list(plural)),
        directory_command(f"{noun}/create", FIELDS | password, create),
        directory_command(f"{noun}/update", _id_of(noun) | FIELDS | password, update),
        directory_command(f"{noun}/delete", _id_of(noun), _write(f"delete_{noun}", f"{noun}_id")),
    ]


def _id_of(noun: str) -> VolDictType:
    """Not `id`: that is the message's own."""
    return {vol.Required(f"{noun}_id"): ID}


COMMANDS = [
    *(command for noun, plural in NOUNS.items() for command in _commands_of(noun, plural)),
    directory_command("account/reset_password", _id_of("account") | OPTIONAL_PASSWORD, _reset_password),
]

# SPDX-License-Identifier: Apache-2.0
"""The directory in a running Home Assistant, through the config flow and the WebSocket commands that its panel uses."""

from typing import Any, Literal

from .home_assistant_api import HomeAssistantApi, HomeAssistantWebSocket, Json
from .waiting import wait_until

DOMAIN = "neolia_intercom"
FLOW = "/api/config/config_entries/flow"

type Noun = Literal["site", "building", "unit", "account", "door", "rule"]


class RefusedError(RuntimeError):
    """The directory did not take the input; `fields` names every bad one."""

    def __init__(self, command: str, error: Json) -> None:
        super().__init__(f"{command}: {error['message']} {error['fields']}")
        self.code: str = error["code"]
        self.fields: list[Json] = error["fields"]


async def add_directory(api: HomeAssistantApi, name: str, realm: str, gateway: Json) -> str:
    """Go through the config flow as a person would; `gateway` is its URL and token or empty. Returns the entry's id."""
    form = await api.request("POST", FLOW, {"handler": DOMAIN})
    answer = await api.request("POST", f"{FLOW}/{form['flow_id']}", {"name": name, "realm": realm, **gateway})
    if answer["type"] != "create_entry":
        raise RuntimeError(f"the config flow answered {answer}")
    entry_id: str = answer["result"]["entry_id"]
    return entry_id


class DirectoryCommands:
    """Commands on the directory of one entry."""

    def __init__(self, socket: HomeAssistantWebSocket, entry_id: str) -> None:
        self._socket = socket
        self.entry_id = entry_id

    async def call(self, command: str, **fields: Any) -> Any:
        """`neolia_intercom/<command>`; its result. Raises RefusedError for what the directory does not take."""
        answer = await self._socket.call(f"{DOMAIN}/{command}", entry_id=self.entry_id, **fields)
        if not answer["success"]:
            raise RefusedError(command, answer["error"])
        return answer["result"]

    async def create(self, noun: Noun, **fields: Any) -> Json:
        """Create an object; an account comes with its password."""
        created: Json = await self.call(f"{noun}/create", fields=fields)
        return created

    async def update(self, noun: Noun, object_id: str, **fields: Any) -> None:
        await self.call(f"{noun}/update", **{f"{noun}_id": object_id}, fields=fields)

    async def delete(self, noun: Noun, object_id: str) -> None:
        await self.call(f"{noun}/delete", **{f"{noun}_id": object_id})

    async def status(self) -> Json:
        status: Json = await self.call("status")
        return status

    async def is_live(self) -> bool:
        """Whether Kamailio runs the directory's present revision."""
        status = await self.status()
        gateway = status["gateway"] or {}
        return bool(gateway.get("live")) and gateway["live_revision"] == status["directory"]["revision"]

    async def wait_until_live(self, seconds: float = 10.0) -> None:
        """Wait until Kamailio runs what the directory says now."""
        await wait_until(self.is_live, seconds=seconds, what="the directory's way to Kamailio")

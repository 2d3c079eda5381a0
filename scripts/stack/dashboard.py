# SPDX-License-Identifier: Apache-2.0
"""A dashboard that shows every unit's doorbell, calls and do-not-disturb."""

from .directory_commands import DOMAIN
from .home_assistant_api import HomeAssistantWebSocket, Json
from .waiting import wait_until

URL_PATH = "neolia-intercom"
KEYS = ("doorbell", "call", "do_not_disturb")


async def entity_ids(socket: HomeAssistantWebSocket) -> dict[tuple[str, str], str]:
    """Our entities by (id of the object they belong to, key)."""
    entries = await socket.call("config/entity_registry/list")
    ours = [entry for entry in entries if entry["platform"] == DOMAIN]
    details = await socket.call("config/entity_registry/get_entries", entity_ids=[entry["entity_id"] for entry in ours])
    return {tuple(entry["unique_id"].split("-", 1)): entity_id for entity_id, entry in details.items()}


async def create_dashboard(socket: HomeAssistantWebSocket, units: list[Json]) -> None:
    """Create the dashboard, once the units have their entities, and make it the first page after log-in."""

    async def complete() -> dict[tuple[str, str], str]:
        entities = await entity_ids(socket)
        return entities if all((unit["id"], key) in entities for unit in units for key in KEYS) else {}

    entities = await wait_until(complete, what="the units' entities in Home Assistant")
    await socket.call(
        "lovelace/dashboards/create",
        url_path=URL_PATH,
        mode="storage",
        title="Intercom",
        icon="mdi:doorbell-video",
        show_in_sidebar=True,
        require_admin=False,
    )
    view = {"title": "Intercom", "type": "sections", "sections": [_section(unit, entities) for unit in units]}
    await socket.call("lovelace/config/save", url_path=URL_PATH, config={"views": [view]})
    await socket.call("frontend/set_system_data", key="core", value={"default_panel": URL_PATH})


def _section(unit: Json, entities: dict[tuple[str, str], str]) -> Json:
    doorbell, call, do_not_disturb = (entities[unit["id"], key] for key in KEYS)
    tiles: list[Json] = [
        {"type": "tile", "entity": doorbell, "state_content": ["state", "door"], "color": "amber"},
        {"type": "tile", "entity": call, "state_content": ["event_type", "caller_name", "by"]},
        {"type": "tile", "entity": do_not_disturb},
        {"type": "logbook", "target": {"entity_id": [doorbell, call]}, "hours_to_show": 1},
    ]
    wide = [{**tile, "grid_options": {"columns": "full"}} for tile in tiles]
    return {"type": "grid", "cards": [{"type": "heading", "heading": unit["name"]}, *wide]}

# SPDX-License-Identifier: Apache-2.0
"""A dashboard that shows every unit's doorbell, calls and do-not-disturb."""

from .directory_commands import DOMAIN
from .home_assistant_api import HomeAssistantWebSocket, Json
from .waiting import wait_until

URL_PATH = "neolia-intercom"
type Entities = dict[tuple[str, str], str]

KEYS = ("doorbell", "call", "do_not_disturb")


async def entity_ids(socket: HomeAssistantWebSocket) -> Entities:
    """Our entities by (id of the object they belong to, key)."""
    entries = await socket.call("config/entity_registry/list")
    ours = [entry for entry in entries if entry["platform"] == DOMAIN]
    details = await socket.call("config/entity_registry/get_entries", entity_ids=[entry["entity_id"] for entry in ours])
    return {tuple(entry["unique_id"].split("-", 1)): entity_id for entity_id, entry in details.items()}


async def create_dashboard(socket: HomeAssistantWebSocket, units: list[Json]) -> None:
    """Create the dashboard, once the units have their entities, and make it the first page after log-in."""

    async def complete() -> Entities:
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
    sections = [*(_section(unit, entities) for unit in units), _activity(units, entities)]
    view = {"title": "Intercom", "type": "sections", "max_columns": 3, "sections": sections}
    await socket.call("lovelace/config/save", url_path=URL_PATH, config={"views": [view]})
    await socket.call("frontend/set_system_data", key="core", value={"default_panel": URL_PATH})


def _section(unit: Json, entities: Entities) -> Json:
    doorbell, call, do_not_disturb = (entities[unit["id"], key] for key in KEYS)
    tiles: list[Json] = [
        {"type": "tile", "entity": doorbell, "name": "Doorbell", "state_content": ["state", "door"], "color": "amber"},
        {"type": "tile", "entity": call, "name": "Call", "state_content": ["event_type", "caller_name", "by"]},
        {"type": "tile", "entity": do_not_disturb, "name": "Do not disturb"},
    ]
    return _grid(unit["name"], [{**tile, "grid_options": {"columns": "full"}} for tile in tiles])


def _activity(units: list[Json], entities: Entities) -> Json:
    followed = [entities[unit["id"], key] for unit in units for key in ("doorbell", "call")]
    return _grid("Activity", [{"type": "logbook", "target": {"entity_id": followed}, "hours_to_show": 1}])


def _grid(heading: str, cards: list[Json]) -> Json:
    return {"type": "grid", "cards": [{"type": "heading", "heading": heading}, *cards]}

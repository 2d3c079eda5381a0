# SPDX-License-Identifier: Apache-2.0
"""A configuration folder for a real Home Assistant that neither asks questions nor talks to the internet."""

import json
from pathlib import Path
from typing import Any

CONFIGURATION = """\
homeassistant:
  name: Neolia
  latitude: 48.85
  longitude: 2.35
  time_zone: Europe/Paris
  unit_system: metric
  country: FR
history:
logbook:
logger:
  default: info
"""

# Old storage versions on purpose: Home Assistant brings them up to its own and fills in what they lack.
HTTP_VERSION = (2, 2)
ONBOARDING_VERSION = (4, 1)
CONFIG_ENTRIES_VERSION = (1, 1)


def prepare_config(folder: Path, address: str, port: int, component: Path) -> None:
    """Fill a new folder: settings, the web server's address, onboarding but for the user, the component as a link."""
    storage = folder / ".storage"
    storage.mkdir(parents=True)
    (folder / "configuration.yaml").write_text(CONFIGURATION)
    # In YAML, the address of the web server would be a five-minute trial.
    _write_storage(storage, "http", HTTP_VERSION, _http(address, port))
    # The other steps would set up integrations that use the internet, and so would the marketplace without this entry.
    _write_storage(storage, "onboarding", ONBOARDING_VERSION, {"done": ["core_config", "analytics", "integration"]})
    _write_storage(storage, "core.config_entries", CONFIG_ENTRIES_VERSION, {"entries": [_disabled("marketplace")]})
    components = folder / "custom_components"
    components.mkdir()
    (components / component.name).symlink_to(component)


def _disabled(domain: str) -> dict[str, Any]:
    return {
        "entry_id": domain,
        "domain": domain,
        "title": domain,
        "data": {},
        "source": "system",
        "version": 1,
        "disabled_by": "user",
    }


def _http(address: str, port: int) -> dict[str, Any]:
    stable = {
        "server_host": [address],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": "2026-01-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }
    return {"stable": stable, "pending": None, "yaml_migration_done": True}


def _write_storage(storage: Path, key: str, version: tuple[int, int], data: dict[str, Any]) -> None:
    content = {"version": version[0], "minor_version": version[1], "key": key, "data": data}
    (storage / key).write_text(json.dumps(content))

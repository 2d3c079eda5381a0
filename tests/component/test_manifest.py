# SPDX-License-Identifier: Apache-2.0
"""What Home Assistant's and HACS's validators would say; neither can be installed from a package index."""

import ast
import json
from pathlib import Path
import re

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration
import pytest

from custom_components import neolia_intercom

COMPONENT = Path(neolia_intercom.__file__).parent
ROOT = COMPONENT.parent.parent
MANIFEST = json.loads((COMPONENT / "manifest.json").read_text())
HACS = json.loads((ROOT / "hacs.json").read_text())
REQUIRED = {"codeowners", "documentation", "domain", "iot_class", "issue_tracker", "name", "version"}
ALLOWED = REQUIRED | {"config_flow", "dependencies", "integration_type", "loggers", "requirements"}


def test_keys_are_known_and_sorted() -> None:
    assert set(MANIFEST) == ALLOWED
    assert list(MANIFEST) == ["domain", "name", *sorted(MANIFEST.keys() - {"domain", "name"})]


def test_values() -> None:
    assert MANIFEST["domain"] == COMPONENT.name
    assert re.fullmatch(r"\d+\.\d+\.\d+", MANIFEST["version"])
    assert (MANIFEST["iot_class"], MANIFEST["integration_type"]) == ("local_push", "hub")
    assert MANIFEST["documentation"].startswith("https://")
    assert "home-assistant.io" not in MANIFEST["documentation"]
    assert MANIFEST["requirements"] == []
    assert all(owner.startswith("@") for owner in MANIFEST["codeowners"])


async def test_home_assistant_reads_it(hass: HomeAssistant) -> None:
    integration = await async_get_integration(hass, MANIFEST["domain"])
    assert (integration.name, integration.config_flow, integration.is_built_in) == ("Neolia Intercom", True, False)


def test_hacs() -> None:
    assert set(HACS) <= {"name", "filename", "homeassistant", "render_readme", "zip_release"}
    assert HACS["name"] == MANIFEST["name"]
    assert HACS["zip_release"]
    assert HACS["filename"].endswith(".zip")


def test_platforms_say_how_many_updates_run_at_once() -> None:
    for platform in neolia_intercom.PLATFORMS:
        assert isinstance(platform, Platform)
        tree = ast.parse((COMPONENT / f"{platform}.py").read_text())
        names = {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        assert "PARALLEL_UPDATES" in names, platform


@pytest.mark.parametrize("name", ["gateway_client", "gateway_services"])
def test_the_gateway_client_knows_nothing_of_home_assistant(name: str) -> None:
    tree = ast.parse((COMPONENT / f"{name}.py").read_text())
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert [module for module in modules if module.startswith("homeassistant")] == []
    relative = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level}
    assert relative <= {"gateway_client"}

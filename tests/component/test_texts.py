# SPDX-License-Identifier: Apache-2.0
"""Every text that the code asks for is there, in every language, and no other."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.neolia_intercom import binary_sensor, directory_file, errors, event, sensor, switch
from custom_components.neolia_intercom.gateway_client import GatewayError

COMPONENT = Path(binary_sensor.__file__).parent
ENGLISH = json.loads((COMPONENT / "translations" / "en.json").read_text())
ICONS = json.loads((COMPONENT / "icons.json").read_text())
SERVICES = load_yaml_dict(str(COMPONENT / "services.yaml"))
ENTITIES = {
    "binary_sensor": {description.key for description in binary_sensor.DESCRIPTIONS},
    "event": {description.key for description in event.DESCRIPTIONS},
    "sensor": {sensor.LIVE_REVISION.key},
    "switch": {switch.DO_NOT_DISTURB.key},
}
DIRECTORY_KEYS = {f"directory_{code}" for code in directory_file.NEEDS_A_PERSON}


def texts(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, str):
        yield path, tree
        return
    for name, branch in tree.items():
        yield from texts(branch, f"{path}.{name}")


def sources() -> Iterator[ast.AST]:
    for path in COMPONENT.rglob("*.py"):
        yield from ast.walk(ast.parse(path.read_text()))


def literals(keyword: str) -> set[str]:
    """Every text that the code gives for a keyword argument, also where it chooses between two."""
    values = [node.value for node in sources() if isinstance(node, ast.keyword) and node.arg == keyword]
    constants = [node for value in values for node in ast.walk(value) if isinstance(node, ast.Constant)]
    return {constant.value for constant in constants if isinstance(constant.value, str) and constant.value}


def errors_of(error: type[GatewayError]) -> set[str]:
    return {error.code}.union(*(errors_of(kind) for kind in error.__subclasses__()))


def errors_of_gateway(error: type[GatewayError] = GatewayError) -> Iterator[type[GatewayError]]:
    for kind in error.__subclasses__():
        yield kind
        yield from errors_of_gateway(kind)


@pytest.mark.parametrize("language", [path.stem for path in (COMPONENT / "translations").glob("*.json")])
def test_languages_say_the_same(language: str) -> None:
    other = dict(texts(json.loads((COMPONENT / "translations" / f"{language}.json").read_text())))
    english = dict(texts(ENGLISH))
    assert other.keys() == english.keys()
    for path, text in english.items():
        assert sorted(re.findall(r"\{\w+\}", other[path])) == sorted(re.findall(r"\{\w+\}", text)), path
        assert other[path].strip() == other[path] != ""


def test_french_is_there_and_is_not_english() -> None:
    french = dict(texts(json.loads((COMPONENT / "translations" / "fr.json").read_text())))
    long_texts = {path: text for path, text in texts(ENGLISH) if len(text) > 20}
    assert long_texts
    assert [path for path, text in long_texts.items() if french[path] == text] == []


def test_entities() -> None:
    assert {domain: set(entities) for domain, entities in ENGLISH["entity"].items()} == ENTITIES
    classless = {"binary_sensor": {"live"}, "event": {"call", "doorbell"}, "sensor": {"live_revision"}}
    assert {domain: set(icons) for domain, icons in ICONS["entity"].items()} == classless | {
        "switch": {"do_not_disturb"}
    }


def test_event_types() -> None:
    for description in event.DESCRIPTIONS:
        states = ENGLISH["entity"]["event"][description.key]["state_attributes"]["event_type"]["state"]
        assert set(states) == set(description.event_types or [])


def test_actions() -> None:
    assert set(SERVICES) == set(ENGLISH["services"]) == set(ICONS["services"])
    for name, service in SERVICES.items():
        assert set(service["fields"]) == set(ENGLISH["services"][name]["fields"])
    for action, field in (("create_account", "kind"), ("end_call", "reason")):
        options = SERVICES[action]["fields"][field]["selector"]["select"]["options"]
        assert set(options) == set(ENGLISH["selector"][field]["options"])
    assert set(ENGLISH["selector"]) == {"kind", "reason"}


def test_flow_steps_and_aborts() -> None:
    flow = ENGLISH["config"]
    assert set(flow["step"]) == {"user", "existing", "adopt", "reconfigure", "reauth_confirm"}
    for step in flow["step"].values():
        assert set(step.get("data", {})) == set(step.get("data_description", {}))
    assert set(flow["abort"]) == DIRECTORY_KEYS | {
        "already_configured",
        "directory_failed",
        "missing_core",
        "reconfigure_successful",
        "reauth_successful",
    }


def test_flow_errors() -> None:
    form = {"realm_in_use", "directory_failed"} | {f"invalid_{field}" for field in ("name", "realm")}
    gateway = {f"{fault}_gateway_{field}" for fault in ("missing", "invalid") for field in ("url", "token")}
    shown = errors_of(GatewayError) - {"gateway_error", "foreign_directory", "unknown_base"}
    assert set(ENGLISH["config"]["error"]) == form | gateway | shown


def test_exceptions() -> None:
    raised = {
        "refused",
        "directory_failed",
        "unknown_entry",
        "entry_not_loaded",
        "no_owner",
        "missing_core",
        "no_gateway",
    }
    of_calls = {"no_unit", "no_door"}
    assert set(ENGLISH["exceptions"]) == raised | of_calls | DIRECTORY_KEYS | set(errors.GATEWAY_KEYS.values())
    assert literals("translation_key") - {"gateway", "not_found"} <= raised
    for kind in errors_of_gateway():
        assert errors.translated(kind("x")).translation_key in errors.GATEWAY_KEYS.values()


def test_issues() -> None:
    of_gateway = {"foreign_directory", "gateway_problem", "kamailio_away"}
    assert set(ENGLISH["issues"]) == DIRECTORY_KEYS | of_gateway | {"missing_core"}
    assert ENGLISH["issues"]["foreign_directory"]["fix_flow"]["step"].keys() == {"confirm"}


def test_device_names() -> None:
    assert set(ENGLISH["device"]) == {"gateway"}


def test_no_placeholders_of_core() -> None:
    assert [text for _, text in texts(ENGLISH) if "[%key:" in text] == []
    assert not (COMPONENT / "strings.json").exists()

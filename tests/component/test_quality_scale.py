# SPDX-License-Identifier: Apache-2.0
"""quality_scale.yaml is complete, says why where it says no, and has a proof for everything that it calls done."""

import ast
from pathlib import Path
from typing import Any

from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components import neolia_intercom

HERE = Path(__file__).parent
COMPONENT = Path(neolia_intercom.__file__).parent
README = COMPONENT.parent.parent / "README.md"
RULES: dict[str, Any] = load_yaml_dict(str(COMPONENT / "quality_scale.yaml"))["rules"]

OPEN = {
    "async-dependency",
    "dependency-transparency",
    "discovery",
    "discovery-update-info",
    "docs-actions",
    "docs-conditions",
    "docs-configuration-parameters",
    "docs-data-update",
    "docs-examples",
    "docs-installation-instructions",
    "docs-installation-parameters",
    "docs-supported-devices",
    "docs-supported-functions",
    "docs-troubleshooting",
    "docs-triggers",
    "docs-use-cases",
    "entity-unavailable",
}

# rule: the test that would fail without it, a heading of the README, or a file
PROOFS = {
    "action-exceptions": "test_actions.test_a_refusal_names_the_fields",
    "action-setup": "test_actions.test_unknown_and_unloaded_entries",
    "appropriate-polling": "test_publisher.test_a_gateway_that_lost_its_disk_gets_everything",
    "brands": "brand/icon.png",
    "common-modules": "entity.py",
    "config-entry-unloading": "test_setup.test_unload_leaves_nothing",
    "config-flow": "test_config_flow.test_with_a_gateway",
    "config-flow-test-coverage": "test_config_flow.test_a_bad_form_is_explained_and_can_be_corrected",
    "devices": "test_entities.test_devices_follow_the_directory",
    "diagnostics": "test_diagnostics.test_numbers_but_no_secrets",
    "docs-high-level-description": "# Neolia Intercom",
    "docs-known-limitations": "## What is not there yet",
    "docs-removal-instructions": "## Removing the integration",
    "dynamic-devices": "test_entities.test_an_entity_of_a_new_unit_works_at_once",
    "entity-category": "test_quality_scale.test_the_gateways_entities_are_diagnostic",
    "entity-device-class": "test_entities.test_a_ring",
    "entity-disabled-by-default": "test_entities.test_the_live_revision_is_there_for_those_who_want_it",
    "entity-event-setup": "test_entities.test_one_event_writes_one_units_states_only",
    "entity-translations": "test_texts.test_entities",
    "entity-unique-id": "test_entities.test_devices_and_entities_are_back_after_a_reload",
    "exception-translations": "test_texts.test_exceptions",
    "has-entity-name": "test_entities.test_devices_and_entities_are_back_after_a_reload",
    "icon-translations": "test_texts.test_entities",
    "inject-websession": "test_manifest.test_the_gateway_client_knows_nothing_of_home_assistant",
    "integration-owner": "test_manifest.test_values",
    "log-when-unavailable": "test_publisher.test_down_and_back",
    "parallel-updates": "test_manifest.test_platforms_say_how_many_updates_run_at_once",
    "reauthentication-flow": "test_config_flow.test_a_changed_token_is_asked_for",
    "reconfiguration-flow": "test_config_flow.test_reconfigure_adds_keeps_and_removes_the_gateway",
    "repair-issues": "test_repairs.test_a_person_agrees",
    "runtime-data": "runtime.py",
    "stale-devices": "test_entities.test_devices_and_entities_are_back_after_a_reload",
    "strict-typing": "_core.pyi",
    "test-before-configure": "test_config_flow.test_a_wrong_token_can_be_corrected",
    "test-before-setup": "test_setup.test_a_file_that_cannot_be_opened",
    "test-coverage": "test_directory.test_a_listener_that_fails_costs_the_others_nothing",
    "unique-config-entry": "test_config_flow.test_the_same_directory_under_another_realm",
}


def status_of(rule: str) -> str:
    entry = RULES[rule]
    status: str = entry if isinstance(entry, str) else entry["status"]
    return status


def is_there(proof: str) -> bool:
    if proof.startswith("#"):
        return proof in README.read_text().splitlines()
    module, _, test = proof.partition(".")
    if not test.startswith("test_"):
        return (COMPONENT / proof).exists()
    tree = ast.parse((HERE / f"{module}.py").read_text())
    return test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_rule_is_answered() -> None:
    assert set(RULES) == OPEN | set(PROOFS)
    assert len(RULES) == 54


@pytest.mark.parametrize("rule", PROOFS)
def test_what_is_done_is_proven(rule: str) -> None:
    assert status_of(rule) == "done"
    assert is_there(PROOFS[rule])


@pytest.mark.parametrize("rule", sorted(OPEN))
def test_what_is_not_done_says_so(rule: str) -> None:
    assert status_of(rule) in ("todo", "exempt")
    assert rule.startswith("docs-") or RULES[rule]["comment"]
    assert status_of(rule) == "todo" or RULES[rule]["comment"]


def test_the_gateways_entities_are_diagnostic() -> None:
    from homeassistant.const import EntityCategory

    from custom_components.neolia_intercom import binary_sensor, sensor

    descriptions = (*binary_sensor.DESCRIPTIONS, sensor.LIVE_REVISION)
    assert {description.entity_category for description in descriptions} == {EntityCategory.DIAGNOSTIC}

# SPDX-License-Identifier: Apache-2.0
"""What only a person can mend, as repair issues. The texts are in translations/, under `issues`."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .gateway_client import HeldDirectory
from .publisher import GATEWAY_PROBLEM, Problem

MISSING_CORE = "missing_core"
FOREIGN_DIRECTORY = "foreign_directory"
_DIRECTORY = "directory"


def create_missing_core(hass: HomeAssistant) -> None:
    """There is no compiled core for this machine."""
    _create(hass, MISSING_CORE, MISSING_CORE, {})


def delete_missing_core(hass: HomeAssistant) -> None:
    """There is one now."""
    ir.async_delete_issue(hass, DOMAIN, MISSING_CORE)


def create_directory(hass: HomeAssistant, entry: ConfigEntry, key: str, placeholders: dict[str, str]) -> None:
    """The directory's file cannot be opened; `key` says why."""
    _create(hass, f"{_DIRECTORY}_{entry.entry_id}", key, placeholders)


def delete_directory(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """It was opened, or its entry is gone."""
    ir.async_delete_issue(hass, DOMAIN, f"{_DIRECTORY}_{entry.entry_id}")


def create_foreign_directory(hass: HomeAssistant, entry: ConfigEntry, held: HeldDirectory) -> None:
    """Ask whether the directory that the gateway holds may be replaced by the entry's."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{FOREIGN_DIRECTORY}_{entry.entry_id}",
        data={"entry_id": entry.entry_id, "directory_id": held.id},
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key=FOREIGN_DIRECTORY,
        translation_placeholders={"name": entry.title, "held": held.name},
    )


def delete_foreign_directory(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """The question is answered, or nobody asks it any more."""
    ir.async_delete_issue(hass, DOMAIN, f"{FOREIGN_DIRECTORY}_{entry.entry_id}")


def create_gateway_problem(hass: HomeAssistant, entry: ConfigEntry, problem: Problem) -> None:
    """What is wrong at the gateway, in its words; told again, it takes the place of what was told before."""
    placeholders = {"name": entry.title, "problem": problem.message}
    _create(hass, f"{GATEWAY_PROBLEM}_{entry.entry_id}", problem.code, placeholders)


def delete_gateway_problem(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """It is gone."""
    ir.async_delete_issue(hass, DOMAIN, f"{GATEWAY_PROBLEM}_{entry.entry_id}")


def _create(hass: HomeAssistant, issue_id: str, key: str, placeholders: dict[str, str]) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=key,
        translation_placeholders=placeholders,
    )

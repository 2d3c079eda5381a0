# SPDX-License-Identifier: Apache-2.0
"""Where an entry's directory lies, and what to tell the person when it cannot be opened."""

from pathlib import Path

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady

from . import issues
from .const import CONF_REALM, DOMAIN
from .core import HAS_CORE, DirectoryError
from .directory import Directory

NEEDS_A_PERSON = frozenset({"not_found", "corrupt", "too_new", "read_only"})
"""Codes of an open that only a person can mend. The others may pass: Home Assistant tries again."""


def directory_path(hass: HomeAssistant, realm: str) -> Path:
    """The file of a realm, which must be a checked host name."""
    return Path(hass.config.path(DOMAIN, f"{realm}.sqlite"))


async def open_directory(hass: HomeAssistant, entry: ConfigEntry) -> Directory:
    """The open directory of an entry; else ConfigEntryError or ConfigEntryNotReady, and an issue where a person must act."""
    if not HAS_CORE:
        issues.create_missing_core(hass)
        raise ConfigEntryError(translation_domain=DOMAIN, translation_key=issues.MISSING_CORE)
    issues.delete_missing_core(hass)
    path = directory_path(hass, entry.data[CONF_REALM])
    try:
        directory = await Directory.open(hass, path)
    except DirectoryError as error:
        raise _not_opened(hass, entry, path, error) from error
    issues.delete_directory(hass, entry)
    return directory


def _not_opened(
    hass: HomeAssistant, entry: ConfigEntry, path: Path, error: DirectoryError
) -> ConfigEntryError | ConfigEntryNotReady:
    placeholders = {"path": str(path), "details": error.message}
    if error.code not in NEEDS_A_PERSON:
        return ConfigEntryNotReady(
            translation_domain=DOMAIN,
            translation_key="directory_failed",
            translation_placeholders=placeholders,
        )
    key = f"directory_{error.code}"
    issues.create_directory(hass, entry, key, placeholders)
    return ConfigEntryError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)

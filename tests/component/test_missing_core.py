# SPDX-License-Identifier: Apache-2.0
"""Without a compiled core for this machine: a clear word instead of an import error."""

import importlib.util
import sys
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.neolia_intercom import config_flow, core, directory_file

from .conftest import DOMAIN, REALM


@pytest.fixture
def no_build(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (config_flow, directory_file):
        monkeypatch.setattr(module, "HAS_CORE", False)


def loaded_anew() -> Any:
    """core.py as a fresh interpreter would run it; the one in use stays as it is."""
    assert core.__spec__
    assert core.__spec__.loader
    module = importlib.util.module_from_spec(core.__spec__)
    core.__spec__.loader.exec_module(module)
    return module


def test_no_build_is_noticed() -> None:
    with patch("importlib.util.find_spec", return_value=None):
        module = loaded_anew()
    assert (module.HAS_CORE, module.Core) == (False, None)
    assert issubclass(module.DirectoryError, Exception)


def test_a_build_that_breaks_is_not_hidden() -> None:
    broken = {f"{core.__package__}._core": None}
    with patch("importlib.util.find_spec"), patch.dict(sys.modules, broken), pytest.raises(ImportError):
        loaded_anew()


@pytest.mark.usefixtures("no_build")
async def test_the_flow_says_so(hass: HomeAssistant) -> None:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "missing_core")


async def test_the_entry_says_so_until_it_is_there(hass: HomeAssistant, no_build: None) -> None:
    entry = MockConfigEntry(domain=DOMAIN, data={"realm": REALM})
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "missing_core"
    assert ir.async_get(hass).async_get_issue(DOMAIN, "missing_core")


async def test_the_issue_goes_when_there_is_a_build(hass: HomeAssistant) -> None:
    entry = MockConfigEntry(domain=DOMAIN, data={"realm": REALM})
    entry.add_to_hass(hass)
    with patch.object(directory_file, "HAS_CORE", False):
        await hass.config_entries.async_setup(entry.entry_id)
    await hass.config_entries.async_reload(entry.entry_id)
    assert ir.async_get(hass).async_get_issue(DOMAIN, "missing_core") is None

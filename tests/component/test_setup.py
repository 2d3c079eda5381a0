# SPDX-License-Identifier: Apache-2.0
"""Loading, unloading, stopping: what cannot be opened is explained, and nothing is left behind."""

import asyncio
from contextlib import closing
import logging
from pathlib import Path
import sqlite3

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from .administrator import Administrator
from .conftest import DOMAIN, REALM, AddEntry
from .fake_gateway import FakeGateway
from .waiting import until


def file_of(hass: HomeAssistant) -> Path:
    return Path(hass.config.path(DOMAIN, f"{REALM}.sqlite"))


def own_tasks() -> list[str]:
    return [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith(DOMAIN)]


def issues_of(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    return {issue_id: issue for (domain, issue_id), issue in ir.async_get(hass).issues.items() if domain == DOMAIN}


async def test_unload_leaves_nothing(hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway) -> None:
    await until(lambda: gateway.listeners == 1 and gateway.directory)
    assert sorted(own_tasks()) == [f"{DOMAIN} events", f"{DOMAIN} publisher"]
    assert await hass.config_entries.async_unload(connected_entry.entry_id)
    await hass.async_block_till_done()
    assert own_tasks() == []
    await until(lambda: gateway.listeners == 0)
    with closing(sqlite3.connect(file_of(hass))) as file:  # nobody holds it
        assert file.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone() == ("exclusive",)
        file.execute("BEGIN EXCLUSIVE")


async def test_reload_again_and_again(hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway) -> None:
    for _ in range(5):
        await until(lambda: gateway.listeners == 1)
        assert await hass.config_entries.async_reload(connected_entry.entry_id)
        assert connected_entry.state is ConfigEntryState.LOADED
    assert len(own_tasks()) == 2


async def test_unload_while_the_gateway_does_not_answer(
    hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway, administrator: Administrator
) -> None:
    await until(lambda: gateway.directory)
    gateway.hold()
    await administrator.add_site()
    assert await hass.config_entries.async_unload(connected_entry.entry_id)
    assert own_tasks() == []


async def test_home_assistant_closes_the_directory(hass: HomeAssistant, entry: ConfigEntry) -> None:
    directory = entry.runtime_data.directory
    hass.bus.async_fire(EVENT_HOMEASSISTANT_CLOSE)
    await hass.async_block_till_done()
    with pytest.raises(Exception, match="closed") as caught:
        await directory.read(lambda core: core.info())
    assert caught.value.code == "closed"


def spoil(path: Path) -> None:
    path.write_bytes(b"no database at all, but long enough to be read as a header of one, as it seems to me")


def make_newer(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA user_version = 10000")
    file.close()


@pytest.mark.parametrize(("damage", "code"), [(Path.unlink, "not_found"), (spoil, "corrupt"), (make_newer, "too_new")])
async def test_a_file_that_cannot_be_opened(hass: HomeAssistant, entry: ConfigEntry, damage: object, code: str) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    kept = file_of(hass).read_bytes()
    assert callable(damage)
    damage(file_of(hass))
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == f"directory_{code}"
    (issue,) = issues_of(hass).values()
    assert (issue.translation_key, issue.severity) == (f"directory_{code}", ir.IssueSeverity.ERROR)
    assert (issue.translation_placeholders or {})["path"] == str(file_of(hass))

    for left in file_of(hass).parent.glob(f"{REALM}.sqlite-*"):
        left.unlink()
    file_of(hass).write_bytes(kept)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert issues_of(hass) == {}


async def test_the_issue_goes_with_the_entry(hass: HomeAssistant, entry: ConfigEntry) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    file_of(hass).unlink()
    await hass.config_entries.async_setup(entry.entry_id)
    assert issues_of(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    assert issues_of(hass) == {}


async def test_a_file_in_use_is_tried_again(hass: HomeAssistant, add_entry: AddEntry, entry: ConfigEntry) -> None:
    from custom_components.neolia_intercom.core import Core

    await hass.config_entries.async_unload(entry.entry_id)
    core = await hass.async_add_executor_job(Core.open, file_of(hass))
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    await hass.async_add_executor_job(core.close)
    assert await hass.config_entries.async_reload(entry.entry_id)


async def test_home_assistant_has_nothing_to_complain_about(
    hass: HomeAssistant,
    connected_entry: ConfigEntry,
    gateway: FakeGateway,
    administrator: Administrator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    flat = await administrator.add_flat()
    await until(lambda: gateway.unit(flat.unit["id"]) and gateway.listeners)
    await administrator.do("unit/delete", unit_id=flat.unit["id"])
    await hass.config_entries.async_reload(connected_entry.entry_id)
    await hass.config_entries.async_remove(connected_entry.entry_id)
    complaints = [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING
        and record.name.startswith(("homeassistant", "custom_components"))
        and "has not been tested by Home Assistant" not in record.getMessage()
    ]
    assert complaints == []

# SPDX-License-Identifier: Apache-2.0
"""The async face of the directory: announced in order, whoever asked and whoever listens."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
import threading
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.neolia_intercom.core import Core, DirectoryError
from custom_components.neolia_intercom.directory import Changes, Directory

SITE = {"name": "Lindenhof", "time_zone": "Europe/Zurich", "domain": "sip.example.org"}


@pytest.fixture
async def directory(hass: HomeAssistant, tmp_path: Path) -> AsyncIterator[Directory]:
    opened = await Directory.create(hass, tmp_path / "folder" / "home.sqlite", "Home", "home.example.org")
    yield opened
    await opened.close()


def add_site(core: Core) -> Any:
    return core.create_site(SITE, actor="test")


async def test_a_change_is_announced_before_its_result(directory: Directory) -> None:
    heard: list[Changes] = []
    stop = directory.listen(heard.append)
    site = await directory.write(add_site)
    assert [(changes.sites, changes.removed) for changes in heard] == [([site], frozenset())]
    assert directory.revision == heard[0].revision > 0
    await directory.write(lambda core: core.delete_site(site["id"], actor="test"))
    assert heard[1].removed == {site["id"]}
    stop()
    await directory.write(add_site)
    assert len(heard) == 2


async def test_what_is_refused_is_not_announced(directory: Directory) -> None:
    heard: list[Changes] = []
    directory.listen(heard.append)
    with pytest.raises(DirectoryError):
        await directory.write(lambda core: core.create_site({}, actor="test"))
    assert (heard, directory.revision) == ([], (await directory.whole()).revision)


async def test_many_writers_are_announced_in_order(directory: Directory) -> None:
    heard: list[int] = []
    directory.listen(lambda changes: heard.append(changes.revision))
    await asyncio.gather(*(directory.write(add_site) for _ in range(20)))
    assert heard == list(range(heard[0], heard[0] + 20))


async def test_a_writer_that_goes_away_leaves_no_change_unannounced(directory: Directory) -> None:
    heard: list[Changes] = []
    directory.listen(heard.append)
    has_gone = threading.Event()

    def add_site_once_it_has_gone(core: Core) -> Any:
        has_gone.wait(10)
        return add_site(core)

    writer = asyncio.create_task(directory.write(add_site_once_it_has_gone))
    await asyncio.sleep(0)
    writer.cancel()
    has_gone.set()
    with pytest.raises(asyncio.CancelledError):
        await writer
    site = await directory.write(add_site)
    assert len(heard) == 2
    assert heard[1].sites == [site]


async def test_a_listener_that_fails_costs_the_others_nothing(
    directory: Directory, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Changes) -> None:
        raise RuntimeError("broken")

    heard: list[Changes] = []
    directory.listen(fail)
    directory.listen(heard.append)
    await directory.write(add_site)
    assert len(heard) == 1
    assert "A listener failed at revision" in caplog.text


async def test_a_history_that_is_gone_makes_a_whole_picture(directory: Directory) -> None:
    heard: list[Changes] = []
    await directory.write(add_site)
    directory.listen(heard.append)
    directory.revision = 10_000
    site = await directory.write(add_site)
    assert heard[0].removed is None
    assert site in heard[0].sites
    assert len(heard[0].sites) == 2
    assert directory.revision == heard[0].revision


async def test_closing_twice_is_fine(directory: Directory) -> None:
    await directory.close()
    await directory.close()
    with pytest.raises(DirectoryError) as caught:
        await directory.whole()
    assert caught.value.code == "closed"

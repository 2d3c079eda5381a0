# SPDX-License-Identifier: Apache-2.0
"""A damaged file is found when the gateway starts, kept aside, and what it held is made again."""

from contextlib import closing
from pathlib import Path
import sqlite3

import pytest
from stack.gateway import Gateway
from stack.waiting import wait_until

from tests.gateway import outbox
from tests.gateway.client import patch, put
from tests.gateway.snapshots import changes, panel, unit, whole

from .conftest import StartGateway
from .files import DAMAGES, Damage, is_whole

FILES = ["gateway.sqlite", "sip.sqlite", "events.sqlite", "location.sqlite"]


def usernames(folder: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{folder}/data/sip.sqlite?mode=ro", uri=True)) as database:
        return [row[0] for row in database.execute("SELECT username FROM subscriber ORDER BY username")]


async def logged(gateway: Gateway, count: int) -> None:
    await wait_until(lambda: len(outbox.logged(gateway.data_folder)) == count, what=f"{count} events in the log")


def close_log(path: Path) -> None:
    """Everything into the file itself, as after an ordinary end of all who had it open."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", FILES)
async def test_it_is_kept_aside_and_made_again(
    start_gateway: StartGateway, folder: Path, name: str, damage: Damage
) -> None:
    gateway = await start_gateway()
    await put(gateway, whole(7))
    outbox.add_numbered(gateway.data_folder, 1, 3)
    await logged(gateway, 3)
    await gateway.stop()
    path = folder / "data" / name
    close_log(path)
    damage(path)
    damaged = path.read_bytes()

    again = await start_gateway()
    assert path.with_name(name + ".corrupt").read_bytes() == damaged
    assert "is damaged" in again.log.read_text()
    assert name in again.log.read_text()
    assert is_whole(path)
    if name == "gateway.sqlite":
        assert (await patch(again, changes(7, 8, units=[unit(3)]))).code == "unknown_base"
        assert (await put(again, whole(8))).status == 200
    assert usernames(folder) == ["door", "panel-1", "panel-2"]
    step = changes((await again.status())["revision"], 9, units=[unit(3)], accounts=[panel(3)])
    assert (await patch(again, step)).status == 200
    known = len(outbox.logged(again.data_folder))
    outbox.add_numbered(again.data_folder, 4, 4)
    await logged(again, known + 1)
    assert outbox.logged(again.data_folder)[-1]["call_id"] == "call-4"


async def test_sound_files_stay_where_they_are(start_gateway: StartGateway, folder: Path) -> None:
    gateway = await start_gateway()
    await put(gateway, whole(7))
    await gateway.kill()
    again = await start_gateway()
    assert (await again.status())["revision"] == 7
    assert not list((folder / "data").glob("*.corrupt"))

# SPDX-License-Identifier: Apache-2.0
"""A damaged file is found when the gateway starts, kept aside, and what it held is made again."""

from contextlib import closing
from pathlib import Path
import sqlite3

import pytest
from stack.gateway import Gateway
from stack.kamailio import Kamailio
from stack.waiting import wait_until

from tests.gateway import outbox
from tests.gateway.client import patch, put
from tests.gateway.snapshots import changes, panel, unit, whole
from tests.gateway.test_kamailio import live
from tests.kamailio.sip_client import SipClient
from tests.kamailio.test_registrations import saved

from .conftest import StartGateway
from .files import DAMAGES, Damage, is_whole, text_instead

FILES = ["gateway.sqlite", "sip.sqlite", "events.sqlite", "location.sqlite"]


def usernames(folder: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{folder}/data/sip.sqlite?mode=ro", uri=True)) as database:
        return [row[0] for row in database.execute("SELECT username FROM subscriber ORDER BY username")]


async def logged(gateway: Gateway, count: int) -> None:
    await wait_until(lambda: len(outbox.logged(gateway.data_folder)) == count, what=f"{count} events in the log")


def close_log(path: Path) -> None:
    """Everything into the file itself, so that its log repairs no damage."""
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


async def dial_nobody(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "door") as door:
        assert (await door.request("INVITE", "999")).code == 404


async def hear_of_a_call(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(7))
    await dial_nobody(kamailio)
    await logged(gateway, 1)


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_kamailio_that_runs_goes_on_with_the_new_outbox(
    start_gateway: StartGateway, folder: Path, damage: Damage
) -> None:
    path = folder / "data" / "events.sqlite"
    gateway = await start_gateway()
    async with Kamailio(folder / "data", folder / "run") as kamailio:
        await hear_of_a_call(gateway, kamailio)
        await gateway.stop()
        close_log(path)
        damage(path)

        gateway = await start_gateway()
        assert path.with_name("events.sqlite.corrupt").exists()
        await live(gateway, 7)
        await dial_nobody(kamailio)
        await logged(gateway, 2)


async def test_an_outbox_that_is_damaged_under_all_is_made_again(start_gateway: StartGateway, folder: Path) -> None:
    path = folder / "data" / "events.sqlite"
    gateway = await start_gateway()
    async with Kamailio(folder / "data", folder / "run") as kamailio:
        await hear_of_a_call(gateway, kamailio)
        close_log(path)
        text_instead(path)

        async def told_again() -> bool:
            await dial_nobody(kamailio)
            return len(outbox.logged(gateway.data_folder)) >= 2

        await wait_until(told_again, seconds=20, what="events from the new file", every=0.2)
    assert path.with_name("events.sqlite.corrupt").exists()


async def test_where_kamailio_saves_contacts_is_a_problem_until_it_restarts(
    start_gateway: StartGateway, folder: Path
) -> None:
    path = folder / "data" / "location.sqlite"
    gateway = await start_gateway()
    async with Kamailio(folder / "data", folder / "run") as kamailio:
        await put(gateway, whole(7))
        await gateway.stop()
        close_log(path)
        text_instead(path)
        gateway = await start_gateway()

        async def problem() -> str:
            return str((await gateway.status())["problem"])

        async def has_gone() -> bool:
            return await problem() == "None"

        await live(gateway, 7)
        assert "restart Kamailio" in await problem()
        await kamailio.stop()
        await kamailio.start()
        await wait_until(has_gone, what="no problem")
        with SipClient(kamailio.server, "panel-1") as panel:
            assert (await panel.register()).code == 200
            await wait_until(lambda: saved(kamailio) == 1, what="the contact on disk")


async def test_several_damaged_files_are_kept(start_gateway: StartGateway, folder: Path) -> None:
    gateway = await start_gateway()
    path = folder / "data" / "events.sqlite"
    for number in range(7):
        await gateway.stop()
        path.write_bytes(b"%d" % number * 1000)
        gateway = await start_gateway()
    names = ["", *(f"-{number}" for number in range(2, 6))]
    kept = [path.with_name(f"events.sqlite.corrupt{name}").read_bytes()[:1] for name in names]
    assert kept == [b"0", b"1", b"2", b"3", b"6"]


async def test_sound_files_stay_where_they_are(start_gateway: StartGateway, folder: Path) -> None:
    gateway = await start_gateway()
    await put(gateway, whole(7))
    await gateway.kill()
    again = await start_gateway()
    assert (await again.status())["revision"] == 7
    assert not list((folder / "data").glob("*.corrupt"))

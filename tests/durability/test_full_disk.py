# SPDX-License-Identifier: Apache-2.0
"""The data folder's disk is full: calls go by the rules, changes are refused whole, and events arrive when there is room."""

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
import os
from pathlib import Path
import sqlite3

import pytest
from stack.gateway import Gateway
from stack.kamailio import Kamailio
from stack.waiting import wait_until

from tests.gateway import sessions
from tests.gateway.client import Answer, ask, patch, put
from tests.gateway.snapshots import changes, panel, unit, whole
from tests.kamailio.sip_client import SipClient
from tests.kamailio.test_registrations import contacts, saved

from .files import is_whole
from .sip_calls import call, call_a_busy_panel, logged, logged_last, make_calls, told_of
from .small_disk import SmallDisk

FILES = ("gateway.sqlite", "sip.sqlite", "events.sqlite", "location.sqlite")
QUEUE = 40
HOUSE = range(3, 43)

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="mounts a disk")


@pytest.fixture
def disk(folder: Path) -> Iterator[SmallDisk]:
    with SmallDisk(folder / "data") as mounted:
        yield mounted


@pytest.fixture
async def gateway(disk: SmallDisk, folder: Path) -> AsyncIterator[Gateway]:
    async with Gateway(disk.folder, folder / "run") as started:
        await put(started, whole(1))
        yield started


@pytest.fixture
async def kamailio(gateway: Gateway, request: pytest.FixtureRequest) -> AsyncIterator[Kamailio]:
    """With the settings of a test's `parametrize`."""
    settings = {"LOCATION_SAVE_SECONDS": 1, "STRANGERS_PER_SECOND": 100_000, **getattr(request, "param", {})}
    async with Kamailio(gateway.data_folder, gateway.run_folder, settings=settings) as started:
        yield started


@pytest.fixture
def panel_2(kamailio: Kamailio) -> Iterator[SipClient]:
    with SipClient(kamailio.server, "panel-2", "pw-panel-2") as client:
        yield client


async def tells_of_it(gateway: Gateway) -> bool:
    return "disk full" in ((await gateway.status())["problem"] or "")


async def test_calls_go_on_and_their_events_arrive_later(
    disk: SmallDisk, gateway: Gateway, door: SipClient, panel_1: SipClient, is_long: bool
) -> None:
    last = 1000 if is_long else 50
    assert (await panel_1.register()).code == 200
    await make_calls(door, panel_1, 1, 3)
    await logged_last(gateway, "nobody-3")
    disk.fill()
    await make_calls(door, panel_1, 4, last)
    assert len(logged(gateway)) < last * 5
    await wait_until(lambda: tells_of_it(gateway), what="the problem in the status")
    disk.make_room()
    await logged_last(gateway, f"nobody-{last}")
    assert await call(door, "999", "afterwards") == 404
    await logged_last(gateway, "afterwards")
    assert logged(gateway) == [*told_of(1, last), ("denied", "afterwards")]
    assert all(is_whole(disk.folder / name) for name in FILES)


@pytest.mark.parametrize("kamailio", [{"EVENT_QUEUE": QUEUE}], indirect=True)
async def test_only_the_oldest_events_go_when_the_queue_is_full(
    disk: SmallDisk, gateway: Gateway, kamailio: Kamailio, door: SipClient
) -> None:
    assert await call(door, "999", "before") == 404
    await logged_last(gateway, "before")
    disk.fill()
    call_ids = [str(number) for number in range(10 * QUEUE)]
    for call_id in call_ids:
        assert await call(door, "999", call_id) == 404
    disk.make_room()
    await logged_last(gateway, call_ids[-1])
    first, *kept = (str(call_id) for _, call_id in logged(gateway))
    assert first == "before"
    assert len(kept) < len(call_ids)
    assert kept == sorted(set(kept), key=call_ids.index)
    assert kept[-QUEUE:] == call_ids[-QUEUE:]
    assert any("the oldest events are lost" in line for line in kamailio.complaints())


def usernames(gateway: Gateway) -> set[str]:
    with closing(sqlite3.connect(f"file:{gateway.data_folder}/sip.sqlite?mode=ro", uri=True)) as database:
        return {row[0] for row in database.execute("SELECT username FROM subscriber")}


async def is_live(gateway: Gateway, revision: int) -> bool:
    status = await gateway.status()
    return bool(status["live"]) and status["live_revision"] == revision


async def check_refused(gateway: Gateway, answer: Answer, base: int) -> None:
    assert (answer.status, answer.code) == (507, "disk_full")
    assert "disk is full" in answer.json["message"]
    assert await is_live(gateway, base)


async def check_accepted_for_later(gateway: Gateway, base: int) -> None:
    """gateway.sqlite had room, sip.sqlite had none."""
    status = await gateway.status()
    assert (status["revision"], status["live_revision"], status["live"]) == (base + 1, base, False)
    assert "sip.sqlite: database or disk is full" in status["problem"]


async def test_a_change_is_refused_or_accepted_whole(disk: SmallDisk, gateway: Gateway, door: SipClient) -> None:
    """However little room there is; and with room it is live."""
    outcomes = set()
    for base, pages in enumerate(range(0, 72, 8), start=1):
        revision = base * 2
        await put(gateway, whole(revision))
        house = [unit(number) for number in HOUSE], [panel(number) for number in HOUSE]
        change = changes(revision, revision + 1, units=house[0], accounts=house[1])
        disk.fill(pages_left=pages)
        answer = await patch(gateway, change)
        outcomes.add((answer.status, answer.json.get("live")))
        if answer.json.get("live"):
            assert await is_live(gateway, revision + 1)
        else:
            assert usernames(gateway) == {"door", "panel-1", "panel-2"}
            assert await call(door, "3", f"call-{pages}") == 404
            if answer.status == 507:
                await check_refused(gateway, answer, revision)
            else:
                await check_accepted_for_later(gateway, revision)

        disk.make_room()
        assert (await patch(gateway, change)).status == 200
        await wait_until(lambda: is_live(gateway, revision + 1), what="the change live")  # noqa: B023
        assert len(usernames(gateway)) == 3 + len(HOUSE)
    assert outcomes == {(507, None), (200, False), (200, True)}


async def test_sessions_are_neither_made_nor_ended_before_there_is_room(disk: SmallDisk, gateway: Gateway) -> None:
    session = await sessions.create(gateway)
    path = f"/v1/sessions/{session['session_id']}"
    disk.fill()
    for refused in (
        await ask(gateway, "POST", "/v1/sessions", json={"account_id": sessions.PANEL}),
        await ask(gateway, "DELETE", path),
    ):
        assert (refused.status, refused.code) == (507, "disk_full")
    disk.make_room()
    await sessions.create(gateway)
    assert (await ask(gateway, "DELETE", path)).status == 204


async def test_a_registration_is_saved_when_there_is_room(
    disk: SmallDisk, kamailio: Kamailio, door: SipClient, panel_2: SipClient
) -> None:
    disk.fill()
    assert (await panel_2.register()).code == 200
    await call_a_busy_panel(door, panel_2, "2", "while full")
    await wait_until(lambda: any("usrloc" in line for line in kamailio.complaints()), what="a save that failed")
    assert saved(kamailio) == 0
    disk.make_room()
    await wait_until(lambda: saved(kamailio) == 1, what="the registration on disk")
    await kamailio.kill()
    await kamailio.start()
    await call_a_busy_panel(door, panel_2, "2", "after the crash")


async def test_a_crash_on_a_full_disk_costs_only_what_was_not_written(
    disk: SmallDisk, gateway: Gateway, kamailio: Kamailio, door: SipClient, panel_1: SipClient, panel_2: SipClient
) -> None:
    """Kamailio starts on the full disk, too."""
    assert (await panel_1.register()).code == 200
    await wait_until(lambda: saved(kamailio) == 1, what="the registration on disk")
    await make_calls(door, panel_1, 1, 3)
    await logged_last(gateway, "nobody-3")
    disk.fill()
    assert (await panel_2.register()).code == 200
    await make_calls(door, panel_1, 4, 30)
    known = len(logged(gateway))
    await kamailio.kill()
    await kamailio.start()
    await make_calls(door, panel_1, 31, 31)
    assert await contacts(kamailio, "panel-2") == []
    assert (await panel_2.register()).code == 200
    await call_a_busy_panel(door, panel_2, "2", "registered again")
    disk.make_room()
    assert await call(door, "999", "afterwards") == 404
    await logged_last(gateway, "afterwards")
    assert logged(gateway)[:known] == told_of(1, 30)[:known]
    assert logged(gateway)[known : known + 5] == told_of(31, 31)
    assert [call_id for _, call_id in logged(gateway)[known + 5 :] if call_id] == ["registered again", "afterwards"]
    assert all(is_whole(disk.folder / name) for name in FILES)

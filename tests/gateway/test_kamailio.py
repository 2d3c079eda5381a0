# SPDX-License-Identifier: Apache-2.0
"""With the real Kamailio: what the gateway accepts is what Kamailio holds, through absences and restarts of both."""

import asyncio
from contextlib import closing
from pathlib import Path
import sqlite3
from typing import Any

import pytest
from stack.gateway import Gateway
from stack.kamailio import Kamailio, RpcError
from stack.waiting import wait_until

from tests.kamailio.sip_client import SipClient

from . import outbox
from .client import ask, patch, put
from .snapshots import OTHER_DIRECTORY, account, changes, object_id, panel, unit, whole


async def entry(kamailio: Kamailio, table: str, key: str) -> Any:
    """Return the value of an entry, None when there is none."""
    try:
        return (await kamailio.rpc("htable.get", table, key))["item"]["value"]
    except RpcError:
        return None


async def sizes(kamailio: Kamailio) -> dict[str, int]:
    return {table["name"]: table["all"] for table in await kamailio.rpc("htable.stats")}


async def compiled(kamailio: Kamailio) -> list[int]:
    """Return the sizes of the tables that a snapshot fills."""
    present = await sizes(kamailio)
    return [present[table] for table in ("dial", "rules", "targets")]


async def live(gateway: Gateway, revision: int) -> dict[str, Any]:
    """Wait until the revision is live."""

    async def reached() -> Any:
        status = await gateway.status()
        return status if status["live"] and status["live_revision"] == revision else None

    status: dict[str, Any] = await wait_until(reached, seconds=20, what=f"revision {revision} live")
    return status


async def register(kamailio: Kamailio, username: str, password: str | None = None) -> int:
    with SipClient(kamailio.server, username, password) as client:
        return (await client.register()).code


async def contacts(kamailio: Kamailio, username: str) -> int:
    try:
        return len((await kamailio.rpc("ul.lookup", "location", username))["Contacts"])
    except RpcError:
        return 0


async def test_a_whole_snapshot_is_in_kamailio_when_it_is_answered(gateway: Gateway, kamailio: Kamailio) -> None:
    assert await put(gateway, whole(7)) == (200, {"revision": 7, "live": True})
    keys = outbox.keys(gateway.data_folder)
    first, building, site = keys[object_id(3, 1)], keys[object_id(2)], keys[object_id(1)]
    assert await entry(kamailio, "dial", f"b{building}:1") == f"u {first} {building} {site}"
    assert await entry(kamailio, "dial", f"s{site}:a1") == f"u {first} {building} {site}"
    assert await entry(kamailio, "targets", f"u{first}") == "panel-1"
    assert await entry(kamailio, "rules", f"s{site}") == f"d[ubs]:*~{keys[object_id(5)]}~r,30,s,*"
    assert await entry(kamailio, "sys", "revision") == "7"
    assert await entry(kamailio, "sys", "realm") == "home.example"
    assert await register(kamailio, "panel-1") == 200
    status = await live(gateway, 7)
    assert status["problem"] is None
    assert status["kamailio"]["connected"]


async def test_changes_are_in_kamailio_when_they_are_answered(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(7))
    key = f"u{outbox.keys(gateway.data_folder)[object_id(3, 1)]}"
    assert (await patch(gateway, changes(7, 8, units=[unit(1, do_not_disturb=True)]))).json == {
        "revision": 8,
        "live": True,
    }
    assert await entry(kamailio, "targets", key) is None
    assert (await patch(gateway, changes(8, 9, units=[unit(1), unit(3)], accounts=[panel(3)]))).json["live"]
    assert await entry(kamailio, "targets", key) == "panel-1"
    assert await register(kamailio, "panel-3") == 200
    assert await entry(kamailio, "sys", "revision") == "9"


async def test_many_changes_are_the_same(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(7, units=2))
    assert (await put(gateway, whole(8, units=300))).json["live"]
    assert (await sizes(kamailio))["targets"] == 300
    assert (await put(gateway, whole(9, units=1))).json["live"]
    assert (await sizes(kamailio))["targets"] == 1
    assert await entry(kamailio, "sys", "revision") == "9"


async def test_adopting_leaves_nothing_of_the_old(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(7, units=5))
    assert await register(kamailio, "panel-5") == 200
    other = {**whole(1, units=1), "directory": OTHER_DIRECTORY}
    assert (await put(gateway, other, adopt=True)).json == {"revision": 1, "live": True}
    assert await entry(kamailio, "sys", "directory") == OTHER_DIRECTORY["id"]
    assert (await sizes(kamailio))["targets"] == 1
    assert await contacts(kamailio, "panel-5") == 0


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({"removed_accounts": [object_id(4, 1)]}, 401),
        ({"accounts": [panel(1, enabled=False)]}, 401),
        ({"accounts": [panel(1, "another password")]}, 401),
        ({"accounts": [panel(1)]}, 200),
    ],
    ids=["removed", "disabled", "re-keyed", "untouched"],
)
async def test_contacts_go_with_the_credentials(
    gateway: Gateway, kamailio: Kamailio, change: dict[str, Any], again: int
) -> None:
    await put(gateway, whole(7))
    assert await register(kamailio, "panel-1") == 200
    assert await contacts(kamailio, "panel-1") == 1
    assert (await patch(gateway, changes(7, 8, **change))).json["live"]
    assert await contacts(kamailio, "panel-1") == (1 if again == 200 else 0)
    assert await register(kamailio, "panel-1") == again


async def test_a_contact_that_was_dropped_at_once_is_known_to_be_gone(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(7))
    assert await register(kamailio, "panel-1") == 200

    def devices() -> int:
        with closing(sqlite3.connect(f"file:{gateway.data_folder}/gateway.sqlite?mode=ro", uri=True)) as database:
            query = "SELECT count(*) FROM device WHERE username = 'panel-1' AND gone = 0"
            return int(database.execute(query).fetchone()[0])

    await wait_until(lambda: devices() == 1, what="the device at the gateway")
    assert (await patch(gateway, changes(7, 8, accounts=[panel(1, "another password")]))).json["live"]
    await wait_until(lambda: devices() == 0, what="the end of the device at the gateway")


async def test_registrations_of_an_account_are_those_of_now(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(7))
    path = f"/v1/registrations?account_id={object_id(4, 1)}"
    assert (await ask(gateway, "GET", path)).json == {"registrations": []}
    assert await register(kamailio, "panel-1") == 200
    (registration,) = (await ask(gateway, "GET", path)).json["registrations"]
    assert registration["account_id"] == object_id(4, 1)
    assert registration["username"] == "panel-1"
    assert registration["contact"].startswith("sip:panel-1@127.0.0.1")

    async def counted() -> bool:
        return bool((await gateway.status())["registrations"] == 1)

    async def listed() -> bool:
        return len((await ask(gateway, "GET", "/v1/registrations")).json["registrations"]) == 1

    await wait_until(counted, what="the registration in the status")
    await wait_until(listed, seconds=20, what="Kamailio's next save")


async def test_without_kamailio_it_waits_and_then_goes_live(gateway: Gateway, folder: Path) -> None:
    assert (await put(gateway, whole(7))).json == {"revision": 7, "live": False}
    async with Kamailio(folder / "data", folder / "run") as kamailio:
        await live(gateway, 7)
        assert await register(kamailio, "panel-1") == 200


async def test_a_killed_kamailio_is_noticed_and_filled_again(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(7))
    await kamailio.kill()

    async def away() -> bool:
        status = await gateway.status()
        return not status["live"] and not status["kamailio"]["connected"]

    await wait_until(away, what="Kamailio's absence in the status")
    assert (await gateway.status())["problem"]
    assert (await patch(gateway, changes(7, 8, removed_accounts=[object_id(4, 1)]))).json == {
        "revision": 8,
        "live": False,
    }
    await kamailio.start()
    await live(gateway, 8)
    assert await register(kamailio, "panel-1") == 401
    assert await register(kamailio, "panel-2") == 200


async def test_a_registration_without_an_account_goes_after_a_crash(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(7))
    assert await register(kamailio, "panel-1") == 200

    def saved() -> bool:
        with sqlite3.connect(f"file:{gateway.data_folder}/location.sqlite?mode=ro", uri=True) as database:
            return bool(database.execute("SELECT count(*) FROM location").fetchone()[0])

    await wait_until(saved, seconds=20, what="Kamailio's save")
    # Dropped, but Kamailio dies before its disk knows.
    assert (await patch(gateway, changes(7, 8, removed_accounts=[object_id(4, 1)]))).json["live"]
    await kamailio.kill()
    await kamailio.start()
    await live(gateway, 8)

    async def gone() -> bool:
        return await contacts(kamailio, "panel-1") == 0

    await wait_until(gone, what="the contact's end")


async def test_a_restarted_gateway_reconciles(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(7))
    await gateway.kill()
    targets = f"u{outbox.keys(gateway.data_folder)[object_id(3, 1)]}"
    await kamailio.rpc("htable.sets", "targets", targets, "intruder")
    await kamailio.rpc("htable.sets", "dial", "s999:1", "u 1 1 1")
    with sqlite3.connect(gateway.data_folder / "sip.sqlite") as database:
        database.execute("DELETE FROM dial")
    await gateway.start()
    await live(gateway, 7)
    assert await entry(kamailio, "targets", targets) == "panel-1"
    assert await entry(kamailio, "dial", "s999:1") is None
    assert (await sizes(kamailio))["dial"] > 0


async def test_calls_need_no_gateway(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(7))
    before = await compiled(kamailio)
    await gateway.stop()
    assert await compiled(kamailio) == before
    assert await register(kamailio, "panel-1") == 200


async def test_what_is_logged_is_acknowledged_also_after_kamailios_restart(
    gateway: Gateway, kamailio: Kamailio
) -> None:
    await put(gateway, whole(7))
    outbox.add_numbered(gateway.data_folder, 1, 5)

    async def acknowledged() -> bool:
        return str(await entry(kamailio, "sys", "acked")).endswith("/5")

    await wait_until(acknowledged, what="the acknowledgement")
    await kamailio.kill()
    await kamailio.start()
    await wait_until(acknowledged, seconds=20, what="the acknowledgement after the restart")


async def test_a_replaced_sip_file_is_a_problem_until_kamailio_restarts(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(7))
    await gateway.stop()
    for file in gateway.data_folder.glob("sip.sqlite*"):
        file.unlink()
    await gateway.start()

    async def told() -> bool:
        return "restart Kamailio" in ((await gateway.status())["problem"] or "")

    await wait_until(told, seconds=20, what="the problem in the status")
    assert not (await gateway.status())["live"]
    await kamailio.stop()
    await kamailio.start()
    await live(gateway, 7)


async def test_a_hanging_kamailio_blocks_nobody_else(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(7))
    await send_signal("STOP", -kamailio.process.pid)
    try:
        pushing = asyncio.create_task(patch(gateway, changes(7, 8, units=[unit(1, do_not_disturb=True)])))
        while not pushing.done():
            assert (await gateway.status())["version"]
            await asyncio.sleep(0.05)
        assert (await pushing).json == {"revision": 8, "live": False}
    finally:
        await send_signal("CONT", -kamailio.process.pid)
    await live(gateway, 8)


async def test_a_hanging_kamailio_does_not_keep_the_gateway(gateway: Gateway, kamailio: Kamailio) -> None:
    await put(gateway, whole(7))
    await send_signal("STOP", -kamailio.process.pid)
    try:
        pushing = asyncio.create_task(patch(gateway, changes(7, 8, units=[unit(1, do_not_disturb=True)])))
        await send_signal("TERM", gateway.process.pid)
        assert await gateway.process.wait(5) == 0
        await asyncio.gather(pushing, return_exceptions=True)
    finally:
        await send_signal("CONT", -kamailio.process.pid)


async def test_the_longest_entries_fit(gateway: Gateway, kamailio: Kamailio) -> None:
    owner = {"type": "unit", "id": object_id(3, 1)}
    accounts = [
        account(object_id(4, number), owner, "panel", f"{number:02d}" + "x" * 62, "secret") for number in range(1, 17)
    ]
    target = {"type": "accounts", "account_ids": [one["id"] for one in accounts]}
    base = whole(7, units=1)
    longest = {**base["rules"][0], "owner": owner, "source_pattern": "*" * 64, "target": target}
    rules = [{**longest, "id": object_id(5, 100 + position), "position": position} for position in range(1, 33)]
    await put(gateway, whole(6, units=1))
    assert (await patch(gateway, changes(6, 7, accounts=accounts, rules=rules))).json == {"revision": 7, "live": True}
    key = f"u{outbox.keys(gateway.data_folder)[object_id(3, 1)]}"
    entry_by_entry = await entry(kamailio, "rules", key)
    assert entry_by_entry.count("~r,30,s,") == 32
    await kamailio.kill()
    await kamailio.start()
    await live(gateway, 7)
    assert await entry(kamailio, "rules", key) == entry_by_entry


async def send_signal(name: str, pid: int) -> None:
    """A negative pid is a group."""
    process = await asyncio.create_subprocess_exec("kill", f"-{name}", "--", str(pid))
    assert await process.wait() == 0

# SPDX-License-Identifier: Apache-2.0
"""The machine's clock is set forward and back under Kamailio and the gateway, by an hour and by a day."""

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
import sqlite3

from _core import Directory
import pytest
from stack.gateway import Gateway
from stack.kamailio import Kamailio
from stack.waiting import wait_until

from tests.bindings import program
from tests.bindings.estate import SITE as SITE_FIELDS
from tests.gateway import outbox, sessions
from tests.gateway.client import ask, put
from tests.gateway.snapshots import SITE, whole
from tests.gateway.test_kamailio import entry
from tests.kamailio.sip_client import SipClient, reply_to
from tests.kamailio.test_events import bye_of_callee
from tests.kamailio.test_registrations import contacts, saved

from .clock import DAY, HOUR, Clock
from .sip_calls import call, call_a_busy_panel, logged, logged_last, make_calls, told_of

NOON = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
JUMPS = [HOUR, -HOUR, DAY, -DAY]
NAMES = ["hour-on", "hour-back", "day-on", "day-back"]


@pytest.fixture
def clock(folder: Path) -> Iterator[Clock]:
    with Clock(folder / "run", NOON) as started:
        yield started


@pytest.fixture
async def gateway(clock: Clock, folder: Path) -> AsyncIterator[Gateway]:
    async with Gateway(folder / "data", folder / "run", environment=clock.environment) as started:
        await put(started, whole(1))
        yield started


@pytest.fixture
async def kamailio(clock: Clock, gateway: Gateway) -> AsyncIterator[Kamailio]:
    settings: dict[str, str | int] = {"LOCATION_SAVE_SECONDS": 1}
    async with Kamailio(
        gateway.data_folder, gateway.run_folder, settings=settings, environment=clock.environment
    ) as started:
        yield started
        await started.kill()  # a signal that arrives while libfaketime reads its file can make an orderly stop hang


async def answered_call(door: SipClient, panel_1: SipClient) -> str:
    """The 200 as the door has it."""
    await door.call("1", "answered")
    invite = await panel_1.next_request()
    await panel_1.send(reply_to(invite, "200 OK", f"Contact: <{panel_1.contact}>\r\n"))
    answer = await door.receive()
    assert answer.code == 200
    return answer.text


async def hang_up(door: SipClient, panel_1: SipClient, answer: str) -> None:
    await panel_1.send(bye_of_callee(panel_1, door, answer))
    bye = await door.next_request()
    assert bye.startswith("BYE ")
    await door.send(reply_to(bye, "200 OK"))
    assert (await panel_1.receive()).code == 200


def types_of(gateway: Gateway, sip_call_id: str) -> list[str]:
    events = outbox.logged(gateway.data_folder)
    call_ids = {event["call_id"] for event in events if event["sip_call_id"] == sip_call_id}
    return [event["type"] for event in events if event["call_id"] in call_ids]


async def told(gateway: Gateway, sip_call_id: str, last: str) -> None:
    await wait_until(lambda: types_of(gateway, sip_call_id)[-1:] == [last], what=f"{sip_call_id} {last}")


async def ring(kamailio: Kamailio, panel_1: SipClient, call_id: str) -> None:
    """A call that nobody answers."""
    with SipClient(kamailio.server, "door", "pw-door") as other:
        await other.call("1", call_id)
        await panel_1.receive_any(f"INVITE (.|\\s)*Call-ID: {call_id}\r")


@pytest.mark.parametrize("jump", JUMPS, ids=NAMES)
async def test_calls_ring_and_their_events_keep_their_order(
    clock: Clock, gateway: Gateway, door: SipClient, panel_1: SipClient, jump: int
) -> None:
    """Set forward, registrations are over until the devices register again."""
    assert (await panel_1.register()).code == 200
    await make_calls(door, panel_1, 1, 2)
    clock.jump(jump)
    if jump > 0:
        assert (await panel_1.register()).code == 200
    await make_calls(door, panel_1, 3, 4)
    assert (await panel_1.register()).code == 200
    await make_calls(door, panel_1, 5, 6)
    await logged_last(gateway, "nobody-6")
    assert logged(gateway) == told_of(1, 6)
    moments = [event["at"] for event in outbox.logged(gateway.data_folder)]
    assert (moments == sorted(moments)) == (jump > 0)


@pytest.mark.parametrize("jump", JUMPS, ids=NAMES)
async def test_a_proof_of_before_is_stale_and_the_next_one_is_right(
    clock: Clock, panel_1: SipClient, jump: int
) -> None:
    challenge = await panel_1.challenge("REGISTER", None)
    clock.jump(jump)
    proof = panel_1.credentials("REGISTER", challenge)
    late = await panel_1.exchange(panel_1.message("REGISTER", None, proof, cseq=2, to="sip:panel-1@127.0.0.1"))
    assert late.code == 401
    assert "stale=true" in late.header("WWW-Authenticate")
    again = panel_1.credentials("REGISTER", late.challenge())
    assert (
        await panel_1.exchange(panel_1.message("REGISTER", None, again, cseq=3, to="sip:panel-1@127.0.0.1"))
    ).code == 200


@pytest.mark.parametrize("jump", [-HOUR, -DAY], ids=["hour-back", "day-back"])
async def test_calls_do_not_notice_a_clock_that_is_set_back(
    clock: Clock, gateway: Gateway, kamailio: Kamailio, door: SipClient, panel_1: SipClient, jump: int
) -> None:
    assert (await panel_1.register()).code == 200
    answer = await answered_call(door, panel_1)
    await ring(kamailio, panel_1, "ringing")
    clock.jump(jump)
    await wait_until(lambda: "time changed backwards" in kamailio.log.read_text(), what="Kamailio's look at the clock")
    assert types_of(gateway, "ringing") == ["incoming", "step"]
    await hang_up(door, panel_1, answer)
    await told(gateway, "answered", "ended")
    assert types_of(gateway, "answered") == ["incoming", "step", "answered", "ended"]


async def test_an_hour_forward_ends_ringing_and_no_talk(
    clock: Clock, gateway: Gateway, kamailio: Kamailio, door: SipClient, panel_1: SipClient
) -> None:
    """Kamailio takes the hour for passed: a step that rings is over."""
    assert (await panel_1.register()).code == 200
    answer = await answered_call(door, panel_1)
    await ring(kamailio, panel_1, "ringing")
    clock.jump(HOUR)
    await told(gateway, "ringing", "missed")
    await hang_up(door, panel_1, answer)
    await told(gateway, "answered", "ended")
    assert types_of(gateway, "answered") == ["incoming", "step", "answered", "ended"]
    assert types_of(gateway, "ringing") == ["incoming", "step", "missed"]


async def test_a_day_forward_ends_a_talk_and_tells_it_once(
    clock: Clock, gateway: Gateway, door: SipClient, panel_1: SipClient
) -> None:
    """It is longer than the two hours that a call may last."""
    assert (await panel_1.register()).code == 200
    await answered_call(door, panel_1)
    clock.jump(DAY)
    await told(gateway, "answered", "ended")
    assert (await panel_1.register()).code == 200
    await make_calls(door, panel_1, 1, 1)
    await logged_last(gateway, "nobody-1")
    assert types_of(gateway, "answered") == ["incoming", "step", "answered", "ended"]
    assert logged(gateway)[4:] == told_of(1, 1)


@pytest.mark.parametrize("jump", [HOUR, DAY], ids=["hour", "day"])
async def test_schedules_follow_in_both_directions(
    clock: Clock, gateway: Gateway, kamailio: Kamailio, door: SipClient, panel_1: SipClient, jump: int
) -> None:
    snapshot = whole(2)
    snapshot["sites"][0]["time_zone"] = "UTC"
    snapshot["rules"][0]["schedule"] = {"windows": [{"days": ["wed"], "from": "12:00", "to": "13:00"}]}
    assert (await put(gateway, snapshot)).json["live"]
    rules = f"s{outbox.keys(gateway.data_folder)[SITE]}"

    async def applies() -> bool:
        return await entry(kamailio, "rules", rules) is not None

    async def applies_no_more() -> bool:
        return not await applies()

    assert (await panel_1.register()).code == 200
    await call_a_busy_panel(door, panel_1, "1", "before")
    clock.jump(jump)
    await wait_until(applies_no_more, what="the end of the schedule's window")
    assert await call(door, "1", "outside") == 403
    clock.jump(-jump)
    await wait_until(applies, what="the window once more")
    assert (await panel_1.register()).code == 200
    await call_a_busy_panel(door, panel_1, "1", "after")


async def listed(gateway: Gateway) -> list[str]:
    return [session["session_id"] for session in (await ask(gateway, "GET", "/v1/sessions")).json["sessions"]]


async def test_a_session_ends_when_the_clock_passes_its_end(clock: Clock, gateway: Gateway, kamailio: Kamailio) -> None:
    session = await sessions.create(gateway)
    with sessions.client(kamailio, session) as device:
        assert (await device.register()).code == 200
        clock.jump(HOUR)
        assert (await device.register()).code == 401
    await wait_until(lambda: nothing_left(gateway, kamailio), what="the end of the session")
    again = await sessions.create(gateway)
    with sessions.client(kamailio, again) as device:
        assert (await device.register()).code == 200
    clock.jump(-HOUR)
    assert await listed(gateway) == [again["session_id"]]


async def nothing_left(gateway: Gateway, kamailio: Kamailio) -> bool:
    """The row of the session has gone, too: it does not come back with an earlier time."""
    with closing(sqlite3.connect(f"file:{gateway.data_folder}/sip.sqlite?mode=ro", uri=True)) as database:
        (rows,) = database.execute("SELECT count(*) FROM session").fetchone()
    return rows == 0 and await contacts(kamailio, "panel-1") == []


@pytest.mark.parametrize("jump", [-HOUR, -DAY], ids=["hour-back", "day-back"])
async def test_a_session_outlives_a_clock_that_is_set_back_and_is_renewed_by_the_new_one(
    clock: Clock, gateway: Gateway, kamailio: Kamailio, jump: int
) -> None:
    session = await sessions.create(gateway)
    clock.jump(jump)
    with sessions.client(kamailio, session) as device:
        assert (await device.register()).code == 200
    assert await listed(gateway) == [session["session_id"]]
    renewed = await ask(gateway, "PATCH", f"/v1/sessions/{session['session_id']}", json={"seconds": 60})
    left = datetime.fromisoformat(renewed.json["expires_at"]) - clock.now()
    assert 0 < left.total_seconds() <= 60


@pytest.mark.parametrize("wrong", [-DAY, DAY], ids=["behind", "ahead"])
async def test_a_clock_that_is_wrong_at_the_start_and_set_right_later(
    clock: Clock, gateway: Gateway, kamailio: Kamailio, door: SipClient, panel_1: SipClient, wrong: int
) -> None:
    assert (await panel_1.register()).code == 200
    await wait_until(lambda: saved(kamailio) == 1, what="the registration on disk")
    await make_calls(door, panel_1, 1, 2)
    await logged_last(gateway, "nobody-2")
    await kamailio.kill()
    await gateway.kill()
    clock.jump(wrong)
    await gateway.start()
    await kamailio.start()
    if wrong < 0:
        await wait_until(lambda: contacts(kamailio, "panel-1"), what="the registration read back")
    else:
        assert (await panel_1.register()).code == 200
    await make_calls(door, panel_1, 3, 4)
    clock.jump(-wrong)
    assert (await panel_1.register()).code == 200
    await make_calls(door, panel_1, 5, 6)
    await logged_last(gateway, "nobody-6")
    assert logged(gateway) == told_of(1, 6)


DIRECTORY = """
    import sys, _core
    path, name, first = sys.argv[1], sys.argv[2], int(sys.argv[3])
    directory = _core.Directory.open(path)
    site = directory.list_sites()[0]["id"]
    directory.update_site(site, {"name": name}, actor=name)
    at = directory.list_audit(1)[0]["at"]
    directory.record_events("s", [
        (first, {"type": "incoming", "call_id": name, "at": at, "dialled": "1"}),
        (first + 1, {"type": "missed", "call_id": name, "at": at, "reason": "busy"}),
    ])
    print(at)
"""


def at_work(file: Path, clock: Clock, name: str, first: int) -> datetime:
    """A change and a call, in a process of their own; the clock as the directory saw it."""
    prefix = ("env", *(f"{variable}={value}" for variable, value in clock.environment.items()))
    return datetime.fromisoformat(program.run(DIRECTORY, file, name, first, prefix=prefix).strip())


def test_the_directory_keeps_the_order_in_which_things_happened(directory: Directory, file: Path, clock: Clock) -> None:
    """A year is longer than anything that is kept by its age could be."""
    directory.create_site(SITE_FIELDS, actor="tests")
    base = directory.info()["revision"]
    directory.close()
    names = ["right", "a day ahead", "right again", "a year ahead", "right at last"]
    seen = []
    for number, jump in enumerate((0, DAY, -DAY, 365 * DAY, -365 * DAY)):
        clock.jump(jump)
        seen.append(at_work(file, clock, names[number], 1 + 2 * number))
    assert [moment.date() - NOON.date() for moment in seen] == [timedelta(days) for days in (0, 1, 0, 365, 0)]

    reopened = Directory.open(file)
    assert [change["actor"] for change in reopened.list_audit(len(names))] == names[::-1]
    assert [datetime.fromisoformat(change["at"]) for change in reopened.list_audit(len(names))] == seen[::-1]
    calls = reopened.list_calls(100)
    assert [call["call_id"] for call in calls] == names[::-1]
    assert {(call["status"], len(call["events"])) for call in calls} == {("missed", 2)}
    assert reopened.event_cursor() == ("s", 2 * len(names))
    assert reopened.changes_since(base)["revision"] == base + len(names)
    assert all(reopened.explain_call(name)["outcome"] == "missed" for name in names)
    reopened.close()

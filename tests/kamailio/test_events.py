# SPDX-License-Identifier: Apache-2.0
"""The outbox: complete while its file is locked, after a crash, without anybody who reads; each end told once."""

import asyncio
from pathlib import Path
import re
import sqlite3

import pytest
from stack.kamailio import Kamailio
from stack.sipp import Party, Sipp
from stack.waiting import wait_until

from . import directories, outbox
from .conftest import Serve
from .dialogs import Dialog
from .sip_client import Reply, SipClient, field, reply_to
from .test_joining import hang_up

HERE = Path(__file__).parent
HOME = HERE / "scenarios" / "registered_and_rung" / "directory.json"
REJECTING = HERE / "scenarios" / "rejected_by_rule" / "directory.json"
DOOR = Party("door-1", directories.password_of("door-1"), "401")


def count(kamailio: Kamailio) -> int:
    return len(outbox.read(kamailio.data_folder))


async def call(kamailio: Kamailio, folder: Path, times: int) -> None:
    """`times` calls that a rule rejects: three events each."""
    parties = HERE / "parties"
    caller = Sipp(parties / "call.xml", kamailio.server, [DOOR] * times, folder / "caller", rate=100)
    assert await caller.play() == 0, caller.messages()
    assert caller.final_codes() == [486] * times


async def test_a_locked_file_delays_events_and_loses_none(serve: Serve, folder: Path) -> None:
    kamailio = await serve(directories.load(REJECTING))
    with sqlite3.connect(kamailio.data_folder / "events.sqlite") as other_writer:
        other_writer.execute("BEGIN IMMEDIATE")
        await call(kamailio, folder, 50)
        assert count(kamailio) == 0
    await wait_until(lambda: count(kamailio) == 150, what="every event")
    events = outbox.read(kamailio.data_folder)
    assert len({event["call"] for event in events}) == 50
    assert {event["sip_call_id"] for event in events if event["type"] == "incoming"} == {
        f"{number}@caller" for number in range(1, 51)
    }


async def test_a_crash_loses_nothing_that_was_written(serve: Serve, folder: Path) -> None:
    kamailio = await serve(directories.load(REJECTING))
    await call(kamailio, folder, 20)
    await wait_until(lambda: count(kamailio) == 60, what="every event")
    await kamailio.kill()
    await kamailio.start()
    assert count(kamailio) == 60


async def test_only_what_is_acknowledged_goes_and_numbers_never_return(serve: Serve, folder: Path) -> None:
    kamailio = await serve(directories.load(REJECTING), EVENT_TICK_MICROSECONDS=500)
    await call(kamailio, folder, 5)
    await wait_until(lambda: count(kamailio) == 15, what="every event")
    await kamailio.rpc("htable.sets", "sys", "acked", "7/12")
    await wait_until(lambda: outbox.numbers(kamailio.data_folder) == [13, 14, 15], what="the trim")

    await kamailio.rpc("htable.sets", "sys", "acked", "7/15")
    await wait_until(lambda: outbox.numbers(kamailio.data_folder) == [], what="the second trim")
    with SipClient(kamailio.server, "door-1") as door:
        assert (await door.request("INVITE", "999")).code == 404
    await wait_until(lambda: outbox.numbers(kamailio.data_folder) == [16], what="the next event")


async def answered_call(kamailio: Kamailio, door: SipClient, panel: SipClient) -> str:
    """Sets up a call and returns the panel's 200 as the door has it."""
    assert (await panel.register()).code == 200
    await door.call("401")
    invite = await panel.next_request()
    await panel.send(reply_to(invite, "200 OK", f"Contact: <sip:panel-1@127.0.0.1:{panel.port}>\r\n"))
    answer = await door.receive()
    assert answer.code == 200
    return answer.text


async def types_of_one_call(kamailio: Kamailio, *, last: str = "ended") -> list[str]:
    def ended() -> bool:
        return any(event["type"] == last for event in outbox.read(kamailio.data_folder))

    await wait_until(ended, what="the end")
    await asyncio.sleep(0.2)  # time for a second end, which must not come
    events = outbox.read(kamailio.data_folder)
    assert len({event["call"] for event in events}) == 1
    return [event["type"] for event in events]


async def test_a_call_ended_from_above_ends_once(serve: Serve) -> None:
    kamailio = await serve(directories.load(HOME))
    with SipClient(kamailio.server, "door-1") as door, SipClient(kamailio.server, "panel-1") as panel:
        await answered_call(kamailio, door, panel)
        (dialog,) = await kamailio.rpc("dlg.list")
        await kamailio.rpc("dlg.end_dlg", dialog["h_entry"], dialog["h_id"])
        for device in (door, panel):
            bye = await device.next_request()
            assert bye.startswith("BYE ")
            assert not re.search("^(User-Agent|Server):", bye, re.MULTILINE)
            await device.send(reply_to(bye, "200 OK"))
        assert await types_of_one_call(kamailio) == ["incoming", "step", "answered", "ended"]


async def test_both_sides_hang_up_at_once(serve: Serve) -> None:
    kamailio = await serve(directories.load(HOME))
    with SipClient(kamailio.server, "door-1") as door, SipClient(kamailio.server, "panel-1") as panel:
        answer = await answered_call(kamailio, door, panel)
        await asyncio.gather(
            door.send(bye_of_caller(door, panel, answer)), panel.send(bye_of_callee(panel, door, answer))
        )
        assert await types_of_one_call(kamailio) == ["incoming", "step", "answered", "ended"]


async def test_a_call_whose_caller_never_acknowledged_ends_too(serve: Serve) -> None:
    kamailio = await serve(directories.load(HOME))
    with SipClient(kamailio.server, "door-1") as door, SipClient(kamailio.server, "panel-1") as panel:
        answer = await answered_call(kamailio, door, panel)
        await panel.send(bye_of_callee(panel, door, answer))
        assert await types_of_one_call(kamailio) == ["incoming", "step", "answered", "ended"]


async def test_an_answer_that_crosses_the_cancel_can_be_hung_up_and_the_call_ends_once(serve: Serve) -> None:
    kamailio = await serve(directories.load(HOME))
    with SipClient(kamailio.server, "door-1") as door, SipClient(kamailio.server, "panel-1") as panel:
        assert (await panel.register()).code == 200
        invite = await door.call("401")
        rung = await panel.next_request()
        await hang_up(door, invite)
        await panel.send(reply_to(rung, "200 OK", f"Contact: <{panel.contact}>\r\n"))
        dialog = Dialog(door, Reply(await door.receive_any("SIP/2.0 200 OK")))
        await dialog.send("ACK")
        await panel.receive_any("ACK ")
        await dialog.send("BYE")
        await panel.send(reply_to(await panel.receive_any("BYE "), "200 OK"))
        assert (await door.receive()).code == 200
        assert await types_of_one_call(kamailio, last="missed") == ["incoming", "step", "missed"]


def bye_of_caller(door: SipClient, panel: SipClient, answer: str) -> str:
    return bye(door, panel, answer, field(answer, "From"), field(answer, "To"))


def bye_of_callee(panel: SipClient, door: SipClient, answer: str) -> str:
    return bye(panel, door, answer, field(answer, "To"), field(answer, "From"))


def bye(own: SipClient, other: SipClient, answer: str, sender: str, receiver: str) -> str:
    headers = (f"From: {sender}", f"To: {receiver}", f"Route: {field(answer, 'Record-Route')}")
    text = own.message("BYE", None, *headers, cseq=9, call_id=field(answer, "Call-ID"))
    return re.sub("^BYE .* SIP", f"BYE sip:{other.username}@127.0.0.1:{other.port} SIP", text)


@pytest.mark.parametrize("kill", [False, True], ids=["stopped", "killed"])
async def test_call_ids_of_two_runs_differ(serve: Serve, folder: Path, kill: bool) -> None:
    kamailio = await serve(directories.load(HOME))
    for run in (1, 2):
        with SipClient(kamailio.server, "door-1") as door:
            assert (await door.request("INVITE", "999")).code == 404
        await wait_until(lambda: count(kamailio) == run, what="the event")  # noqa: B023
        await (kamailio.kill() if kill else kamailio.stop())
        await kamailio.start()
    calls = [event["call"] for event in outbox.read(kamailio.data_folder)]
    assert len(set(calls)) == 2
    assert all(re.fullmatch(r"[0-9A-Za-z.-]{1,64}", call) for call in calls)

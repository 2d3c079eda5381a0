# SPDX-License-Identifier: Apache-2.0
"""WebRTC and plain RTP understand each other, in both directions, and every device hears what becomes of a call."""

from stack.agents import Agent
from stack.browser_panel import BrowserPanel
from stack.rtpengine import RtpEngine
from stack.waiting import wait_until

from tests.kamailio import outbox
from tests.kamailio.certificates import Certificate

from .conftest import House

ENOUGH = {"audio_received": 50, "audio_sent": 50, "video_received": 10, "video_sent": 10, "frames_decoded": 1}
ENOUGH_AT_A_PHONE = 50


async def test_a_door_calls_a_browser(house: House, rtpengine: RtpEngine) -> None:
    panel, door = await house.browser("panel-1"), await house.device("door-1")
    await answered_by(panel, door)
    await panel.received(**ENOUGH)
    await door.hears(ENOUGH_AT_A_PHONE)
    await panel.do("hangUp")
    await door.event("CALL_CLOSED")
    await wait_until(lambda: types(house)[-1:] == ["ended"], what="the end")
    assert events(house)[-1]["packets"] >= 4 * ENOUGH_AT_A_PHONE
    assert await rtpengine.calls() == []
    assert house.kamailio.complaints() == []


async def test_a_browser_calls_a_door(house: House) -> None:
    panel, door = await house.browser("panel-1"), await house.device("door-1")
    await panel.do("call", "sip:door-1@127.0.0.1")
    await door.rings()
    door.answer()
    await panel.event("confirmed")
    await panel.received(**ENOUGH)
    await door.hears(ENOUGH_AT_A_PHONE)
    door.hang_up()
    await panel.event("ended")
    assert house.kamailio.complaints() == []


async def test_browser_and_phone_ring_and_the_browser_answers(house: House) -> None:
    panel, phone, door = await house.browser("panel-1"), await house.device("panel-2"), await house.device("door-1")
    door.dial("401")
    await phone.rings()
    await panel.event("call")
    await panel.do("answer")
    await phone.event("CALL_CLOSED")
    await panel.received(**ENOUGH)


async def test_browser_and_phone_ring_and_the_phone_answers(house: House) -> None:
    panel, phone, door = await house.browser("panel-1"), await house.device("panel-2"), await house.device("door-1")
    door.dial("401")
    await panel.event("call")
    await phone.rings()
    phone.answer()
    assert (await panel.event("failed"))["cause"] == "Canceled"
    await door.event("CALL_ESTABLISHED")
    await phone.hears(ENOUGH_AT_A_PHONE)


async def test_a_browser_declines(house: House) -> None:
    panel, door = await house.browser("panel-1"), await house.device("door-1")
    door.dial("401")
    await panel.event("call")
    await panel.do("decline")
    assert (await door.event("CALL_CLOSED"))["param"].startswith("603")
    await wait_until(lambda: types(house)[-1:] == ["declined"], what="the decline")


async def test_hold_and_back(house: House) -> None:
    panel, door = await house.browser("panel-1"), await house.device("door-1")
    await answered_by(panel, door)
    await panel.received(audio_received=10)
    await panel.do("hold")
    await panel.event("hold")
    await panel.do("unhold")
    await panel.event("unhold")
    await go_on_talking(panel)


async def test_the_door_holds_and_comes_back(house: House) -> None:
    panel, door = await house.browser("panel-1"), await house.device("door-1")
    await answered_by(panel, door)
    await panel.received(audio_received=10)
    mark = await panel.mark()
    door.hold()
    assert (await panel.event("hold", since=mark))["originator"] == "remote"
    door.resume()
    assert (await panel.event("unhold", since=mark))["originator"] == "remote"
    await go_on_talking(panel)
    assert house.kamailio.complaints() == []


async def test_a_browser_whose_connection_was_replaced_is_held_and_hung_up(house: House) -> None:
    panel, door = await house.browser("panel-1"), await house.device("door-1")
    await answered_by(panel, door)
    mark = await panel.mark()
    await panel.do("loseConnection")
    await panel.event("registered", since=mark)
    door.hold()
    await panel.event("hold", since=mark)
    door.resume()
    await panel.event("unhold", since=mark)
    await go_on_talking(panel)
    door.hang_up()
    await panel.event("ended", since=mark)


async def test_a_door_calls_a_browser_that_kamailio_serves_by_tls(house: House, certificate: Certificate) -> None:
    panel = await house.direct_browser("panel-1", certificate.pin)
    await panel.event("registered")
    door = await house.device("door-1")
    await answered_by(panel, door)
    await panel.received(**ENOUGH)
    await door.hears(ENOUGH_AT_A_PHONE)
    door.hang_up()
    await panel.event("ended")


async def test_a_browser_that_does_not_know_the_certificate_stays_out(house: House) -> None:
    panel = await house.direct_browser("panel-1", None)
    await panel.event("disconnected")
    assert await panel.mark() == len(await panel.seen("disconnected"))


async def answered_by(panel: BrowserPanel, door: Agent) -> None:
    """The door calls and the browser answers."""
    door.dial("401")
    await panel.event("call")
    await panel.do("answer")
    await panel.event("confirmed")


async def go_on_talking(panel: BrowserPanel) -> None:
    before = await panel.media()
    await panel.received(audio_received=before["audio_received"] + 50, audio_sent=before["audio_sent"] + 50)


def events(house: House) -> list[outbox.Event]:
    return [event for event in outbox.read(house.kamailio.data_folder) if "call" in event]


def types(house: House) -> list[str]:
    return [event["type"] for event in events(house)]

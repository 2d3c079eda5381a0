# SPDX-License-Identifier: Apache-2.0
"""Every method, from a stranger and inside a call: those of the table pass, everything else is refused."""

import pytest
from stack.kamailio import Kamailio

from tests.kamailio.dialogs import Dialog, established
from tests.kamailio.sip_client import SipClient

# method, answer to a stranger (None: silence), whether it goes from one side of a call to the other
METHODS: list[tuple[str, int | None, bool]] = [
    ("INVITE", 407, True),
    ("ACK", None, True),
    ("BYE", 405, True),
    ("CANCEL", 481, False),
    ("REGISTER", 401, False),
    ("OPTIONS", 200, True),
    ("INFO", 405, True),
    ("UPDATE", 405, True),
    ("PRACK", 405, True),
    ("REFER", 405, False),
    ("MESSAGE", 405, False),
    ("SUBSCRIBE", 405, False),
    ("NOTIFY", 405, False),
    ("PUBLISH", 405, False),
    ("TEAPOT", 405, False),
]


async def test_from_a_stranger(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "stranger") as stranger:
        assert (await panel.register()).code == 200
        for method, code, _ in METHODS:
            for user in ("401", "panel-1", "nobody"):
                await stranger.send(stranger.message(method, user, "Refer-To: <sip:victim@127.0.0.1>"))
                if code is None:
                    assert await stranger.hears_nothing()
                else:
                    assert (method, (await stranger.receive()).code) == (method, code)
        assert await panel.hears_nothing()


@pytest.mark.parametrize(("method", "passes"), [(name, passes) for name, _, passes in METHODS if name != "CANCEL"])
async def test_inside_a_call(kamailio: Kamailio, method: str, passes: bool) -> None:
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "door-1") as door:
        assert (await panel.register()).code == 200
        dialog: Dialog = await established(door, panel)
        await dialog.send(method)
        if passes:
            assert (await panel.next_request()).startswith(f"{method} ")
        else:
            assert (await door.receive()).code == 405
            assert await panel.hears_nothing()


async def test_hops_are_counted(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "door-1") as door:
        assert (await panel.register()).code == 200
        await door.send(await door.proven("INVITE", "401", "Max-Forwards: 5"))
        assert "\r\nMax-Forwards: 4\r\n" in await panel.receive_any("INVITE ")


async def test_a_device_that_names_us_as_its_place_makes_no_loop(kamailio: Kamailio) -> None:
    """The call comes back to us, without a proof of who makes it."""
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "door-1") as door:
        contact = f"Contact: <sip:401@{kamailio.server}>"
        assert (await panel.register(contact)).code == 200
        await door.call("401")
        assert (await door.receive()).code >= 400
        requests = await kamailio.rpc("stats.get_statistics", "tmx:")
        created = next(int(line.split("=")[1]) for line in requests if "UAS_transactions" in line)
        assert created < 10

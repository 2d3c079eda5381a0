# SPDX-License-Identifier: Apache-2.0
"""The largest unit that the directory allows: all accounts, all rules, the longest names, in one call."""

from pathlib import Path

import pytest
from stack.gateway import Gateway
from stack.kamailio import Kamailio
from stack.rtpengine import RtpEngine
from stack.waiting import wait_until

from . import directories, outbox
from .directories import Snapshot
from .sip_client import SipClient, cancel_of
from .tables import push

HOME = Path(__file__).parent / "scenarios" / "registered_and_rung" / "directory.json"
USERNAMES = sorted(f"{number:02}-{'x' * 61}" for number in range(16))
OTHERS = "y" * 63 + "*"


def largest() -> Snapshot:
    """Unit 401 with 16 accounts; it, its building and its site with 32 rules, of which 17 are for the caller."""
    snapshot = directories.load(HOME)
    (unit,), (building,), (site,) = (snapshot[noun] for noun in ("units", "buildings", "sites"))
    door, panel = snapshot["accounts"]
    snapshot["accounts"] = [door, *(panel | {"id": directories.real_id(name), "username": name} for name in USERNAMES)]
    ring = snapshot["rules"][0] | {"ring_seconds": 120, "on_decline": "continue"}
    named = {"type": "accounts", "account_ids": [directories.real_id(name) for name in USERNAMES]}
    snapshot["rules"] = [
        ring
        | {
            "id": directories.real_id(f"rule {owner_type} {position}"),
            "owner": {"type": owner_type, "id": owner["id"]},
            "position": position,
            "source_pattern": "@door" if position > 27 or (owner_type == "unit" and position > 25) else OTHERS,
            "target": named if owner_type == "unit" else {"type": "all"},
        }
        for owner_type, owner in (("unit", unit), ("building", building), ("site", site))
        for position in range(1, 33)
    ]
    snapshot["revision"] = 2
    return snapshot


@pytest.mark.parametrize("live", [False, True], ids=["read at start", "changed while running"])
async def test_the_largest_unit(folder: Path, rtpengine: RtpEngine, live: bool) -> None:
    data, run = folder / "data", folder / "run"
    data.mkdir()
    run.mkdir()
    gateway, kamailio = Gateway(data, run), Kamailio(data, run, settings={"RTPENGINE": rtpengine.address})
    async with gateway:
        await push(gateway, directories.load(HOME) if live else largest())
        await kamailio.start()
        if live:
            await push(gateway, largest())
            assert (await gateway.status())["live"]
    try:
        with SipClient(kamailio.server, "door-1") as door:
            invite = await door.call("401")
            await door.receive_any("SIP/2.0 180 ")
            await door.send(cancel_of(invite))
            await door.receive_any("SIP/2.0 487 ")
        await wait_until(lambda: len(outbox.read(data)) == 3, what="the events")
        incoming, step, _ = outbox.read(data)
        assert incoming["steps"] == [f"r,120,c,{' '.join(USERNAMES)}"] * 16
        assert step["away"] == USERNAMES
        assert kamailio.complaints() == []
    finally:
        await kamailio.stop()

# SPDX-License-Identifier: Apache-2.0
"""What the defences cost, what a flood does to a legitimate call, a storm of devices, and how fast a revocation is."""

import asyncio
from contextlib import AsyncExitStack, closing
from pathlib import Path
import shutil
import statistics
import sys
import time
from typing import Any

import aiohttp
from stack.gateway import Gateway
from stack.kamailio import CONFIGURATION, Kamailio, RpcError
from stack.paths import CHECKOUT
from stack.ports import free_host
from stack.processes import Process
from stack.sipp import Party
from stack.waiting import wait_until

from tests.kamailio.dialogs import established
from tests.kamailio.sip_client import SipClient, SipParty, reply_to
from tests.security.panels import come_back

from . import call_path, estates, load
from .estates import Size
from .measured import Measured, percentile
from .scale import HOME, Scale
from .snapshot import DataPlane

WITHOUT_DEFENCES = load.HERE / "load" / "without_defences.cfg"
FLOOD_PER_SECOND = 1000
STORM_SECONDS = 60.0
CALLS_OF_A_TURN = 50
PAUSE_SECONDS = 0.025
WARM_UP = 20
REVOCATIONS = 20


async def measure(scale: Scale, folder: Path) -> dict[str, Measured]:
    return {
        "defences": await cost(scale, folder / "cost"),
        "flood": await flooded(scale, folder / "flood"),
        "storm": await storm(scale.storm_devices, folder / "storm"),
        "revocation": await revoked(folder / "revocation"),
    }


async def cost(scale: Scale, folder: Path) -> Measured:
    """Turn by turn, each begins as often as it follows."""
    data = await load.tables(folder)
    ours = CONFIGURATION / "kamailio.cfg"
    rates: dict[Path, list[load.Rate]] = {ours: [], WITHOUT_DEFENCES: []}
    for number in range(scale.load_rounds):
        for configuration in (ours, WITHOUT_DEFENCES) if number % 2 == 0 else (WITHOUT_DEFENCES, ours):
            place = folder / f"{number}-{configuration.stem}"
            rates[configuration].append(await registers(configuration, data, place, scale.load_calls))
    ratios = [a.per_second / b.per_second for a, b in zip(rates[ours], rates[WITHOUT_DEFENCES], strict=True)]
    speeds = [statistics.median(rate.per_second for rate in found) for found in rates.values()]
    costs = [statistics.median(rate.microseconds for rate in found) for found in rates.values()]
    return Measured(
        statistics.median(ratios),
        f"{len(ratios)} rounds, {min(ratios):.2f} to {max(ratios):.2f}; {speeds[0]:.0f} and {speeds[1]:.0f} per second, "
        f"Kamailio's processor time {costs[0]:.0f} and {costs[1]:.0f} µs each",
    )


async def registers(configuration: Path, data: Path, folder: Path, count: int) -> load.Rate:
    shutil.copytree(data, folder / "data")
    (folder / "run").mkdir()
    kamailio = Kamailio(
        folder / "data",
        folder / "run",
        configuration=configuration,
        accounts=load.MEMORY_FOR_ACCOUNTS,
        settings=load.ONE_SOURCE_IS_ALL,
    )
    panels = [Party(estates.panel_username(unit), estates.PASSWORD) for unit in range(load.UNITS)]
    async with kamailio:
        for _ in range(WARM_UP):
            with call_path.client(kamailio.server, call_path.PANEL) as panel:
                assert (await panel.register()).code == 200
        return await load.Load("register.xml", kamailio, panels, folder, count, load.REGISTERS_IN_FLIGHT, 9).rate()


async def flooded(scale: Scale, folder: Path) -> Measured:
    """Calls with and without the flood, in turns."""
    quiet: list[float] = []
    loud: list[float] = []
    async with AsyncExitStack() as stack:
        plane = await home(stack, folder)
        for _ in range(max(2, scale.repetitions // CALLS_OF_A_TURN)):
            quiet += await set_up_some(plane.kamailio.server)
            flood = await Process.start(
                "flood",
                *(sys.executable, "-m", "tests.bench.flood"),
                *(plane.kamailio.server, free_host(), str(FLOOD_PER_SECOND)),
                log=folder / "flood.log",
                folder=CHECKOUT,
            )
            try:
                loud += await set_up_some(plane.kamailio.server)
                flood.check()
            finally:
                await flood.kill()
    values = percentile(loud, 95), percentile(quiet, 95)
    return Measured(
        values[0] / values[1], f"{len(loud)} calls each; {values[0] * 1e3:.1f} and {values[1] * 1e3:.1f} ms at p95"
    )


async def home(stack: AsyncExitStack, folder: Path) -> DataPlane:
    """A home's data plane."""
    folder.mkdir(parents=True, exist_ok=True)
    directory = stack.enter_context(closing(estates.create(folder / "directory.sqlite", HOME)))
    plane = DataPlane(folder, accounts=5)
    await plane.start(stack)
    await plane.publish(directory)
    return plane


async def set_up_some(server: str) -> list[float]:
    """With pauses, so that the calls, two requests without a proof each, stay below STRANGERS_PER_SECOND themselves."""
    seconds = []
    for _ in range(CALLS_OF_A_TURN):
        seconds.append(await set_up(server))
        await asyncio.sleep(PAUSE_SECONDS)
    return seconds


async def set_up(server: str) -> float:
    """Seconds from the door's first INVITE, without a proof, to the panel's 180 at the door."""
    with call_path.client(server, call_path.DOOR) as door, call_path.client(server, call_path.PANEL) as panel:
        assert (await panel.register()).code == 200
        began = time.perf_counter()
        await call_path.dial(door)
        invite = await panel.next_request()
        await panel.send(call_path.answer(invite, "180 Ringing"))
        await door.receive_any("SIP/2.0 180 ")
        seconds = time.perf_counter() - began
        await call_path.decline(door, panel, invite)
    return seconds


async def storm(devices: int, folder: Path) -> Measured:
    """All devices at one moment from one address, each with a proof of before that is worth nothing now."""
    units = devices // 4
    async with AsyncExitStack() as stack:
        folder.mkdir(parents=True)
        directory = stack.enter_context(closing(estates.create(folder / "directory.sqlite", Size(units, 1))))
        plane = DataPlane(folder, accounts=5 * units)
        await plane.start(stack)
        await plane.publish(directory)
        names = [f"panel-{unit}-{device}" for unit in range(units) for device in range(3)]
        names += [f"mobile-{unit}-0" for unit in range(units)]
        passwords = dict.fromkeys(names, estates.PASSWORD)
        back = await come_back(
            plane.kamailio.server, passwords, realm=estates.REALM, address=free_host(), seconds=STORM_SECONDS
        )
        guesses = await names_that_guessed(plane.kamailio)
    if guesses:
        raise RuntimeError(f"counted as guessing: {guesses}")
    return Measured(
        max(back), f"{len(back)} devices behind one address, median {statistics.median(back):.1f} s, none banned"
    )


async def names_that_guessed(kamailio: Kamailio) -> list[str]:
    try:
        slots = await kamailio.rpc("htable.dump", "guesses")
    except RpcError:
        return []
    return [item["name"] for slot in slots for item in slot["slot"]]


async def revoked(folder: Path) -> Measured:
    """From the order to all of it: the call ended, the contact gone, the credentials refused."""
    async with AsyncExitStack() as stack:
        plane = await home(stack, folder)
        times = [await revoke(plane.gateway, plane.kamailio) for _ in range(REVOCATIONS)]
    return Measured(
        max(times), f"the slowest of {len(times)} sessions, each in a call; median {statistics.median(times):.3f} s"
    )


async def revoke(gateway: Gateway, kamailio: Kamailio) -> float:
    async with aiohttp.ClientSession(gateway.url, headers=gateway.headers) as http:
        session = await ask(http, "POST", "/v1/sessions", {"account_id": estates.object_id("account", 0)})
        with (
            SipClient(kamailio.server, session["username"], session["password"], account=call_path.PANEL) as panel,
            call_path.client(kamailio.server, call_path.DOOR) as door,
        ):
            assert (await panel.register()).code == 200
            await established(door, panel, call_path.NUMBER)
            await wait_until(lambda: has_answered(http), what="the gateway's knowledge of the call")
            began = time.perf_counter()
            await asyncio.gather(
                ask(http, "DELETE", f"/v1/sessions/{session['session_id']}"), hang_up(panel), hang_up(door)
            )
            assert (await panel.register()).code == 401
            await wait_until(lambda: is_gone(kamailio), what="the end of the contact", every=0.002)
            return time.perf_counter() - began


async def has_answered(http: aiohttp.ClientSession) -> bool:
    async with http.get("/v1/calls") as answer:
        return [call["state"] for call in (await answer.json())["calls"]] == ["answered"]


async def hang_up(side: SipParty) -> None:
    """Answer the BYE."""
    await side.send(reply_to(await side.receive_any("BYE "), "200 OK"))


async def ask(
    http: aiohttp.ClientSession, method: str, path: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    async with http.request(method, path, json=body) as answer:
        answer.raise_for_status()
        return await answer.json() if answer.status == 201 else {}


async def is_gone(kamailio: Kamailio) -> bool:
    try:
        await kamailio.rpc("ul.lookup", "location", call_path.PANEL)
    except RpcError:
        return True
    return False

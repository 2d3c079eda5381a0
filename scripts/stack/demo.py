# SPDX-License-Identifier: Apache-2.0
"""A door station rings a flat: the real parts and an example estate, for a person to see or, with --once, to check.

One panel of the flat is a page in a browser: a person opens it, --once plays it in a headless one.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Iterator
import contextlib
from pathlib import Path
import shutil
import signal
import sys
import tempfile

import aiohttp

from .browser_panel import BrowserPanel, Credentials, PanelPage
from .dashboard import URL_PATH, create_dashboard
from .directory_commands import DirectoryCommands
from .estate import PANELS, REALM, SITE, create_estate
from .home_assistant import PASSWORD, USER
from .installation import Installation, Ports
from .ports import preferred_port
from .transcript import Transcript
from .visit import BROWSER, DOOR, Visit

SECONDS_BETWEEN_VISITS = 60.0


def main() -> int:
    """Run until the end of the visit (--once) or until Ctrl-C; the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="one visit, checked; exit code 0 when all went well")
    parser.add_argument("--keep", action="store_true", help="keep the data folder and its logs")
    arguments = parser.parse_args()

    folder = Path(tempfile.mkdtemp(prefix="neolia-demo-"))
    transcript = Transcript()
    try:
        return asyncio.run(run(folder, transcript, once=arguments.once))
    finally:
        if arguments.keep:
            print(f"Kept: {folder}")
        else:
            shutil.rmtree(folder)


async def run(folder: Path, transcript: Transcript, *, once: bool) -> int:
    """Everything from the first process to the last; the exit code."""
    with stopped_by_signals():
        installation = Installation(folder, Ports() if once else everyday_ports())
        try:
            await play(installation, transcript, once=once)
        except (RuntimeError, OSError, aiohttp.ClientError) as error:
            print(f"\nThe demo failed: {error}\n", file=sys.stderr)
            for log in installation.logs:
                print(f"--- the end of {log.name}\n{last_lines(log)}", file=sys.stderr)
            transcript.failed += 1
        except asyncio.CancelledError:
            transcript.say("stopped")
            if once:
                transcript.failed += 1
        if once:
            print(f"demo: {transcript.passed} passed, {transcript.failed} failed")
    return 1 if transcript.failed or (once and not transcript.passed) else 0


async def play(installation: Installation, transcript: Transcript, *, once: bool) -> None:
    """Start all, fill the directory, let the door station call."""
    transcript.say("starting RTPEngine, gateway, Kamailio and Home Assistant (about half a minute)")
    async with installation, await installation.home_assistant.api.websocket() as socket:
        entry_id = await installation.add_directory(SITE["name"], REALM)
        commands = DirectoryCommands(socket, entry_id)
        estate = await create_estate(commands, installation.kamailio.address)
        await commands.wait_until_live()
        transcript.say(f"{SITE['name']}: {len(estate.units)} flats, {len(estate.accounts)} accounts; live in Kamailio")
        await create_dashboard(socket, list(estate.units.values()))
        agents = {
            name: await installation.device(account, media=name == DOOR)
            for name, account in estate.accounts.items()
            if name != BROWSER
        }
        transcript.say(f"signed in: {', '.join(agents)}")

        api = installation.home_assistant.api
        visit = Visit(transcript, api, socket, commands, estate, agents, installation.folder)
        await visit.prepare()
        credentials = session_maker(installation, commands, estate.accounts[BROWSER]["id"])
        async with PanelPage(credentials, installation.page_port) as page:
            if once:
                await check_visits(visit, page)
                return
            introduce(installation, page)
            while True:
                await visit.follow()
                await next_visit(transcript)


def session_maker(
    installation: Installation, commands: DirectoryCommands, account_id: str
) -> Callable[[], Awaitable[Credentials]]:
    """What gives a browser a session of its own of this account, through Home Assistant."""

    async def make() -> Credentials:
        session = await commands.call("session/create", account_id=account_id)
        websocket = installation.gateway.url.replace("http", "ws", 1) + session["path"]
        return {"websocket": websocket, **{name: session[name] for name in ("aor", "username", "password")}}

    return make


async def check_visits(visit: Visit, page: PanelPage) -> None:
    """Three visits: one is answered in a browser, one leaves a message, one is denied."""
    async with BrowserPanel(page.origin) as browser:
        await browser.event("registered")
        await visit.answered(browser)
    await visit.message_left()
    await visit.denied()


def everyday_ports() -> Ports:
    """The ports that people expect, where they are free."""
    return Ports(
        home_assistant=preferred_port(8123),
        gateway=preferred_port(8125),
        kamailio=preferred_port(5060),
        page=preferred_port(8080),
    )


def introduce(installation: Installation, page: PanelPage) -> None:
    """Tell a person where to look."""
    print(f"""
  Home Assistant   {installation.home_assistant.url}/{URL_PATH}
  log in as        {USER}, password {PASSWORD}
  gateway          {installation.gateway.url}
  a panel of 401   {page.origin} (allow microphone and camera)
  SIP              {installation.kamailio.server}
  data and logs    {installation.folder}
  panels           {", ".join(PANELS)}

  Ctrl-C stops everything
""")


async def next_visit(transcript: Transcript) -> None:
    """Wait for Enter or for a while."""
    loop = asyncio.get_running_loop()
    entered = asyncio.Event()

    def on_line() -> None:
        sys.stdin.readline()
        entered.set()

    transcript.say(f"Enter rings again (or {SECONDS_BETWEEN_VISITS:g} s)")
    if sys.stdin.isatty():
        loop.add_reader(sys.stdin, on_line)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(entered.wait(), SECONDS_BETWEEN_VISITS)
    if sys.stdin.isatty():
        loop.remove_reader(sys.stdin)


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[None]:
    """The first signal cancels the running task; later ones do not disturb the tidying up."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, lambda: task.cancelling() or task.cancel())
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def last_lines(log: Path, lines: int = 15) -> str:
    """The end of a log, whether or not it is there."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no log)"


if __name__ == "__main__":
    sys.exit(main())

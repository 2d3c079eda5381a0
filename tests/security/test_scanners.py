# SPDX-License-Identifier: Apache-2.0
"""Attacked with the tools that Debian packages: they find no account, ring no phone, and reach nobody through us.

They do not say who they are here: the filter of known names is off, but for the test that it works.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import re

import pytest
from stack.kamailio import Kamailio
from stack.ports import free_host, free_port

from tests.kamailio import outbox
from tests.kamailio.conftest import Serve
from tests.kamailio.directories import Snapshot, password_of
from tests.kamailio.sip_client import SipClient

EXISTING = ["panel-1", "door-1"]
INVENTED = ["panel-2", "nobody", "admin", "100"]
WRONG = [f"wrong-{number}" for number in range(20)]
DISGUISED = '"nobody is called so"'


@pytest.fixture
async def kamailio(serve: Serve, home: Snapshot) -> Kamailio:
    return await serve(home, SCANNERS=DISGUISED)


@pytest.fixture
def users(folder: Path) -> Path:
    return written(folder / "users", [*EXISTING, *INVENTED])


def written(file: Path, lines: list[str]) -> Path:
    file.write_text("".join(f"{line}\n" for line in lines))
    return file


async def output_of(*command: str | Path) -> str:
    """What the tool prints; it must have run."""
    process = await asyncio.create_subprocess_exec(
        *("timeout", "60", *map(str, command)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output = (await process.communicate())[0].decode(errors="replace")
    assert process.returncode not in (124, 126, 127), output
    return output


def sipvicious(tool: str, kamailio: Kamailio, *options: str | Path) -> list[str | Path]:
    own = ("-b", free_host(), "-P", str(free_port()), "-p", str(kamailio.port))
    return [tool, *own, *options, kamailio.address]


@asynccontextmanager
async def nobody_rings(kamailio: Kamailio) -> AsyncIterator[None]:
    """A registered panel hears nothing meanwhile, no call is noted, and the door can ring it afterwards."""
    with (
        SipClient(kamailio.server, "panel-1", address=free_host()) as panel,
        SipClient(kamailio.server, "door-1", address=free_host()) as door,
    ):
        assert (await panel.register()).code == 200
        yield
        assert await panel.hears_nothing()
        assert outbox.read(kamailio.data_folder) == []
        await door.call("401")
        await panel.receive_any("INVITE ")


async def test_svmap_sees_a_device_without_a_name(kamailio: Kamailio) -> None:
    found = await output_of(*sipvicious("svmap", kamailio))
    assert re.search(rf"127\.0\.0\.1:{kamailio.port} *\| unknown ", found), found


async def test_svmap_under_its_own_name_sees_nothing(serve: Serve, home: Snapshot) -> None:
    assert "found nothing" in await output_of(*sipvicious("svmap", await serve(home)))


@pytest.mark.parametrize("method", ["REGISTER", "INVITE", "OPTIONS"])
async def test_svwar_finds_no_account(kamailio: Kamailio, users: Path, method: str) -> None:
    async with nobody_rings(kamailio):
        found = await output_of(*sipvicious("svwar", kamailio, "--force", "-m", method, "-d", users))
    assert "found nothing" in found or told_apart(found) == set(), found


def told_apart(table: str) -> set[str]:
    """The ways in which existing accounts are spoken of and others are not, or the other way round."""
    said = dict(re.findall(r"^\| (\S+) +\| (\S+) +\|$", table, re.MULTILINE))
    return {said.get(name, "") for name in EXISTING} ^ {said.get(name, "") for name in INVENTED}


@pytest.mark.parametrize(("passwords", "cracked"), [([], True), (WRONG, False)], ids=["at once", "after others"])
async def test_svcrack_finds_no_password_that_it_has_to_look_for(
    kamailio: Kamailio, folder: Path, passwords: list[str], cracked: bool
) -> None:
    """The first try shows that the tool works."""
    dictionary = written(folder / "passwords", [*passwords, password_of("panel-1")])
    found = await output_of(*sipvicious("svcrack", kamailio, "-u", "panel-1", "-d", dictionary))
    assert (password_of("panel-1") in found) == cracked, found


async def test_nmap_finds_neither_account_nor_password(kamailio: Kamailio, users: Path, folder: Path) -> None:
    passwords = written(folder / "passwords", [*WRONG, password_of("panel-1")])
    scripts = "+sip-methods,+sip-enum-users,+sip-brute,+sip-call-spoof"
    arguments = f"sip-enum-users.userslist={users},userdb={users},passdb={passwords},brute.firstonly=false"
    async with nobody_rings(kamailio):
        found = await output_of(
            *("nmap", "-n", "-Pn", "-sU", "-p", str(kamailio.port), "--script", scripts, "--script-args", arguments),
            kamailio.address,
        )
    assert f"{kamailio.port}/udp open" in found, found
    assert not re.search("Auth required|Valid credentials|" + "|".join(EXISTING), found), found
    assert "Got a ringing" not in found


SIPSAK = {
    "registers without a password": ("-U", "-x", "60"),
    "registers somebody elsewhere": ("-U", "-C", "sip:thief@127.0.0.1:9"),
    "guesses": ("-U", "-a", "wrong"),
    "sends a message": ("-M", "-B", "hello", "-c", "sip:door-1@127.0.0.1"),
    "calls": ("-U", "-I"),
    "random trash": ("-R", "-t", "40"),
    "floods": ("-F", "-e", "300"),
}


@pytest.mark.parametrize("options", SIPSAK.values(), ids=SIPSAK)
async def test_sipsak_reaches_nobody(kamailio: Kamailio, options: tuple[str, ...]) -> None:
    async with nobody_rings(kamailio):
        said = await output_of("sipsak", *options, "-i", "-s", f"sip:panel-1@{kamailio.server}")
    assert "200 OK" not in said, said
    record = await kamailio.rpc("ul.lookup", "location", "panel-1")
    assert len(record["Contacts"]) == 1
    assert "thief" not in str(record)


async def test_sipp_calls_nobody_without_a_password(kamailio: Kamailio) -> None:
    async with nobody_rings(kamailio):
        said = await output_of(
            *("sipp", "-sn", "uac", "-s", "401", "-i", free_host(), "-p", str(free_port()), "-m", "50", "-r", "50"),
            *("-nostdin", "-recv_timeout", "2000", kamailio.server),
        )
    assert re.search(r"Successful call\s*\|\s*0\s*\|\s*0", said), said

# SPDX-License-Identifier: Apache-2.0
"""The gateway's way in, and that there is no other."""

import asyncio
import os
from pathlib import Path
import stat

import pytest
from stack.kamailio import Kamailio

from . import directories
from .conftest import Serve

HOME = Path(__file__).parent / "scenarios" / "registered_and_rung" / "directory.json"


@pytest.fixture
async def kamailio(serve: Serve) -> Kamailio:
    return await serve(directories.load(HOME))


async def test_the_version_that_was_asked_for_runs(kamailio: Kamailio) -> None:
    version = tuple(map(int, (await kamailio.version()).split(".")[:2]))
    assert version >= ((6, 0) if "NEOLIA_KAMAILIO_ROOT" in os.environ else (5, 6))


async def test_the_socket_is_the_owners_alone(kamailio: Kamailio) -> None:
    assert stat.S_IMODE(kamailio.control_socket.stat().st_mode) == 0o600
    pipes_and_sockets = [path.name for path in kamailio.run_folder.iterdir() if not path.is_file()]
    assert pipes_and_sockets == ["kamailio.sock"]


async def test_the_sip_port_takes_no_commands(kamailio: Kamailio) -> None:
    body = b'{"jsonrpc": "2.0", "method": "core.version", "id": 1}'
    reader, writer = await asyncio.open_connection(kamailio.address, kamailio.port)
    writer.write(b"POST /RPC HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
    try:
        answer = await asyncio.wait_for(reader.read(1000), 1)
    except TimeoutError:
        answer = b""
    finally:
        writer.close()
    assert b"kamailio" not in answer.lower()


async def test_tables_change_by_command_and_come_back_by_reload(kamailio: Kamailio) -> None:
    async def realm() -> str:
        return str((await kamailio.rpc("htable.get", "sys", "realm"))["item"]["value"])

    await kamailio.rpc("htable.sets", "sys", "realm", "other.example")
    assert await realm() == "other.example"
    await kamailio.rpc("htable.reload", "sys")
    assert await realm() == "home.example"

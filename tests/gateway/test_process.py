# SPDX-License-Identifier: Apache-2.0
"""The daemon as its operator sees it: settings, files, signals."""

import asyncio
import json
from pathlib import Path
import signal
import socket
import stat

import pytest
from stack.gateway import Gateway, gateway_binary
from stack.processes import ProcessFailedError
from stack.waiting import wait_until

from .client import ask, put
from .conftest import StartGateway
from .snapshots import whole


async def run(*arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        str(gateway_binary()), *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode is not None
    return process.returncode, output.decode(), errors.decode()


async def test_it_describes_its_settings() -> None:
    code, output, _ = await run("--describe-settings")
    assert code == 0
    assert "| `listen_port` | number | 8125 |" in output


@pytest.mark.parametrize("arguments", [["--nonsense"], ["--set"], ["--set", "x"], ["--settings"], ["x", "y"]])
async def test_a_wrong_command_line_shows_the_right_one(arguments: list[str]) -> None:
    code, _, errors = await run(*arguments)
    assert code == 2
    assert "--settings FILE" in errors


async def test_every_bad_setting_is_named() -> None:
    code, _, errors = await run("--set", "listen_port=x", "--set", "colour=red", "--set", "log_level=loud")
    assert code == 1
    for key in ("listen_port", "colour", "log_level"):
        assert key in errors


async def refused(gateway: Gateway) -> str:
    with pytest.raises(ProcessFailedError) as error:
        await gateway.start()
    return str(error.value)


async def test_a_second_one_is_refused(gateway: Gateway, folder: Path) -> None:
    text = await refused(Gateway(folder / "data", folder / "run"))
    assert "in use by another gateway" in text
    assert (await ask(gateway, "GET", "/v1/health", {})).status == 200


async def test_a_token_file_open_to_others_is_refused(folder: Path) -> None:
    token_file = folder / "token"
    token_file.write_text("0123456789abcdef")
    token_file.chmod(0o644)
    text = await refused(Gateway(folder / "data", folder / "run", settings={"token_file": str(token_file)}))
    assert "chmod 600" in text
    assert "0123456789abcdef" not in text


async def test_a_missing_data_folder_is_said(folder: Path) -> None:
    text = await refused(Gateway(folder / "nothing", folder / "run"))
    assert "nothing" in text


async def test_a_taken_port_is_said(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        text = await refused(Gateway(folder / "data", folder / "run", port=port))
    assert f"port {port}" in text


async def test_files_are_private(gateway: Gateway, folder: Path) -> None:
    await put(gateway, whole(1))
    files = [path for path in (folder / "data").iterdir() if path.is_file()]
    assert {file.name for file in files} >= {"gateway.sqlite", "sip.sqlite", "events.sqlite", "location.sqlite"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_signals_end_it_in_order(start_gateway: StartGateway, number: signal.Signals) -> None:
    gateway = await start_gateway()
    _, idle = await asyncio.open_connection("127.0.0.1", gateway.port)
    process = await asyncio.create_subprocess_exec("kill", f"-{number.value}", str(gateway.process.pid))
    await process.wait()
    assert await gateway.process.wait(5) == 0
    idle.close()


async def test_a_request_in_hand_is_finished(start_gateway: StartGateway) -> None:
    gateway = await start_gateway()
    body = json.dumps(whole(1, units=500)).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    head = ("PUT /v1/snapshot HTTP/1.1", "Host: x", "Expect: 100-continue", f"Content-Length: {len(body)}")
    authorization = f"Authorization: Bearer {gateway.token}"
    writer.write("\r\n".join((*head, authorization, "", "")).encode())
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")
    stopping = asyncio.create_task(gateway.stop())
    await wait_until(lambda: "stopping" in gateway.log.read_text(), what="the signal")
    writer.write(body)
    answer = await asyncio.wait_for(reader.read(), 20)
    assert answer.startswith(b"HTTP/1.1 200")
    assert await stopping == 0
    await gateway.start()
    assert (await gateway.status())["revision"] == 1
    writer.close()


async def test_tls(start_gateway: StartGateway, folder: Path) -> None:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    made = await asyncio.create_subprocess_exec(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"),
        *("-subj", "/CN=gateway", "-keyout", str(key), "-out", str(certificate)),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await made.wait() == 0
    gateway = await start_gateway(tls_certificate=str(certificate), tls_key=str(key))
    assert (await put(gateway, whole(1))).status == 200
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(b"GET /v1/health HTTP/1.1\r\n\r\n")
    assert b"HTTP" not in await asyncio.wait_for(reader.read(), 20)
    writer.close()

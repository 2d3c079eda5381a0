# SPDX-License-Identifier: Apache-2.0
"""A new certificate file reaches the running Kamailio."""

import asyncio
from pathlib import Path
import ssl

import pytest
from stack.kamailio import Kamailio
from stack.ports import free_port
from stack.processes import ProcessFailedError
from stack.waiting import wait_until

from tests.kamailio import certificates

from .conftest import StartGateway


async def greets(port: int, context: ssl.SSLContext) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    except ssl.SSLCertVerificationError:
        return False
    writer.close()
    return True


async def test_a_changed_certificate_is_read_again(start_gateway: StartGateway, folder: Path) -> None:
    certificate = certificates.make(folder / "run")
    first = certificate.trusted()
    gateway = await start_gateway(sip_certificate=str(certificate.certificate))
    port = free_port()
    settings: dict[str, str | int] = {"TLS_CONFIG": str(certificate.configuration), "SIP_TLS_PORT": port}
    async with Kamailio(folder / "data", folder / "run", settings={**settings, "SIP_WSS_PORT": free_port()}):
        assert await greets(port, first)
        certificate.certificate.write_text("not written to its end")

        def refused() -> bool:
            return "did not take its certificate" in gateway.log.read_text()

        await wait_until(refused, what="Kamailio's refusal in the log")
        certificates.make(folder / "run")
        second = certificate.trusted()

        async def taken() -> bool:
            return await greets(port, second)

        await wait_until(taken, what="the new certificate")
        assert not await greets(port, first)


async def test_a_folder_that_is_not_there_is_said(start_gateway: StartGateway, folder: Path) -> None:
    with pytest.raises(ProcessFailedError, match="sip_certificate"):
        await start_gateway(sip_certificate=str(folder / "nothing" / "certificate.pem"))

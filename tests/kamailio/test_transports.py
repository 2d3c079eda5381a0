# SPDX-License-Identifier: Apache-2.0
"""How a device may reach Kamailio: UDP, TCP, TLS, WebSocket with and without TLS, IPv4 and IPv6, through a NAT."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
import ssl
import warnings

import aiohttp
import pytest
from stack.kamailio import Kamailio, RpcError
from stack.ports import free_port
from stack.waiting import wait_until

from . import certificates, directories, outbox
from .certificates import Certificate
from .conftest import Serve
from .dialogs import established
from .sip_client import SipClient, SipParty, reply_to
from .stream_clients import connect_stream, connect_websocket

HOME = Path(__file__).parent / "scenarios" / "two_phones_one_answers" / "directory.json"
ORIGIN = "https://home.example"


@pytest.fixture
async def kamailio(serve: Serve) -> Kamailio:
    return await serve(directories.load(HOME), PING_SECONDS=1, LOCATION_SAVE_SECONDS=1)


@pytest.fixture
def certificate(folder: Path) -> Certificate:
    """It lies in Kamailio's run folder: that is in its root, too."""
    (folder / "run").mkdir(exist_ok=True)
    return certificates.make(folder / "run")


class Ports:
    """Of one Kamailio with everything on."""

    def __init__(self) -> None:
        self.tcp, self.tls, self.wss = free_port(), free_port(), free_port()


@pytest.fixture
def ports() -> Ports:
    return Ports()


@pytest.fixture
async def encrypted(serve: Serve, certificate: Certificate, ports: Ports) -> Kamailio:
    return await serve(
        directories.load(HOME),
        TLS_CONFIG=str(certificate.configuration),
        SIP_TCP_PORT=ports.tcp,
        SIP_TLS_PORT=ports.tls,
        SIP_WSS_PORT=ports.wss,
        WSS_ORIGINS=r"https://home[.]example",
    )


async def rings_and_is_hung_up(caller: SipParty, called: SipParty) -> None:
    """A call from one to the other and the caller's BYE, each through his own transport."""
    assert (await called.register()).code == 200
    call = await established(caller, called)
    await call.send("BYE")
    await called.send(reply_to(await called.receive_any("BYE "), "200 OK"))
    assert (await caller.receive()).code == 200


async def test_plain_tcp_has_a_port_of_its_own_too(serve: Serve) -> None:
    port = free_port()
    kamailio = await serve(directories.load(HOME), SIP_TCP_PORT=port)
    async with (
        connect_stream(f"127.0.0.1:{port}", "panel-1") as panel,
        connect_stream(kamailio.server, "door-1") as door,
    ):
        await rings_and_is_hung_up(door, panel)
    assert kamailio.complaints() == []


async def test_a_websocket_rings(kamailio: Kamailio) -> None:
    async with connect_websocket(f"127.0.0.1:{kamailio.websocket_port}", "panel-1") as panel:
        with SipClient(kamailio.server, "door-1") as door:
            await rings_and_is_hung_up(door, panel)
    assert kamailio.complaints() == []


async def test_a_websocket_calls(kamailio: Kamailio) -> None:
    async with connect_websocket(f"127.0.0.1:{kamailio.websocket_port}", "panel-1") as panel:
        with SipClient(kamailio.server, "panel-2") as other:
            await rings_and_is_hung_up(panel, other)
    assert kamailio.complaints() == []


async def test_http_is_for_websockets_only(kamailio: Kamailio) -> None:
    url = f"http://127.0.0.1:{kamailio.websocket_port}"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        for method in ("GET", "POST", "PUT", "DELETE"):
            async with session.request(method, f"{url}/RPC") as answer:
                assert answer.status == 426
                assert await answer.text() == ""
        async with session.get(f"http://{kamailio.server}/") as answer:
            assert answer.status == 404


@pytest.mark.parametrize("port", ["SIP_PORT", "SIP_TCP_PORT"])
async def test_no_websocket_on_a_port_for_sip(serve: Serve, port: str) -> None:
    sip_tcp = free_port()
    kamailio = await serve(directories.load(HOME), SIP_TCP_PORT=sip_tcp)
    server = kamailio.server if port == "SIP_PORT" else f"127.0.0.1:{sip_tcp}"
    assert await upgrade_status(server) == 404


async def test_another_subprotocol_is_refused(kamailio: Kamailio) -> None:
    assert await upgrade_status(f"127.0.0.1:{kamailio.websocket_port}", protocol="xmpp") == 400


async def upgrade_status(server: str, **options: object) -> int:
    """101 when the WebSocket came to be."""
    try:
        async with connect_websocket(server, "panel-1", **options):  # type: ignore[arg-type]
            return 101
    except aiohttp.WSServerHandshakeError as refusal:
        return refusal.status


async def test_a_websocket_that_does_not_answer_pings_is_closed_and_its_device_gone(kamailio: Kamailio) -> None:
    async with connect_websocket(f"127.0.0.1:{kamailio.websocket_port}", "panel-1", autoping=False) as panel:
        assert (await panel.register()).code == 200
        ping = await panel.socket.receive(timeout=5)
        assert ping.type == aiohttp.WSMsgType.PING
        while (await panel.socket.receive(timeout=10)).type == aiohttp.WSMsgType.PING:
            pass
        assert panel.socket.closed
    await wait_until(lambda: presence(kamailio)[-1:] == ["unregistered"], what="that the device is gone")


async def test_a_websocket_that_answers_pings_stays(kamailio: Kamailio) -> None:
    """Kamailio closes one whose pong comes before it has noted that it waits for it, so not within microseconds."""

    async def waits_for_pong() -> bool:
        return "awaiting Pong" in str(await kamailio.rpc("ws.dump"))

    async with connect_websocket(f"127.0.0.1:{kamailio.websocket_port}", "panel-1", autoping=False) as panel:
        assert (await panel.register()).code == 200
        for _ in range(4):
            ping = await panel.socket.receive(timeout=5)
            assert ping.type == aiohttp.WSMsgType.PING
            await wait_until(waits_for_pong, seconds=5, what="that Kamailio waits for the pong")
            await panel.socket.pong(ping.data)
        with SipClient(kamailio.server, "door-1") as door:
            await door.call("401")
            assert (await panel.socket.receive_str()).startswith("INVITE ")


def presence(kamailio: Kamailio) -> list[str]:
    return [event["type"] for event in outbox.presence(kamailio.data_folder)]


async def test_tls_rings_wss(encrypted: Kamailio, certificate: Certificate, ports: Ports) -> None:
    trusted = certificate.trusted()
    async with (
        connect_stream(f"127.0.0.1:{ports.tls}", "door-1", tls=trusted) as door,
        connect_websocket(f"127.0.0.1:{ports.wss}", "panel-1", tls=trusted, origin=ORIGIN) as panel,
    ):
        assert door.tls.version() in ("TLSv1.2", "TLSv1.3")
        await rings_and_is_hung_up(door, panel)
    assert encrypted.complaints() == []


@pytest.mark.parametrize(
    ("version", "spoken"),
    [
        (ssl.TLSVersion.TLSv1, False),
        (ssl.TLSVersion.TLSv1_1, False),
        (ssl.TLSVersion.TLSv1_2, True),
        (ssl.TLSVersion.TLSv1_3, True),
    ],
    ids=lambda value: value.name if isinstance(value, ssl.TLSVersion) else "",
)
async def test_tls_versions(
    encrypted: Kamailio, certificate: Certificate, ports: Ports, version: ssl.TLSVersion, spoken: bool
) -> None:
    client = certificate.trusted()
    client.set_ciphers("ALL:@SECLEVEL=0")  # so that it is not this side that refuses
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        client.minimum_version = client.maximum_version = version
    if spoken:
        async with connect_stream(f"127.0.0.1:{ports.tls}", "panel-1", tls=client) as panel:
            assert (await panel.register()).code == 200
    else:
        with pytest.raises(ssl.SSLError, match=r"ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|alert protocol version"):
            async with connect_stream(f"127.0.0.1:{ports.tls}", "panel-1", tls=client):
                pass


async def test_without_a_certificate_nothing_listens_for_tls(serve: Serve, ports: Ports) -> None:
    await serve(directories.load(HOME), SIP_TLS_PORT=ports.tls, SIP_WSS_PORT=ports.wss)
    for port in (ports.tls, ports.wss):
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)


async def test_a_new_certificate_is_taken_and_a_broken_one_is_not(
    encrypted: Kamailio, certificate: Certificate, ports: Ports
) -> None:
    first = certificate.trusted()
    server = f"127.0.0.1:{ports.tls}"
    async with connect_stream(server, "panel-1", tls=first) as panel:
        certificates.make(certificate.certificate.parent)
        second = certificate.trusted()
        await encrypted.rpc("tls.reload")
        with pytest.raises(ssl.SSLCertVerificationError):
            async with connect_stream(server, "panel-2", tls=first):
                pass
        async with connect_stream(server, "panel-2", tls=second) as other:
            assert (await other.register()).code == 200
        assert (await panel.register()).code == 200

        certificate.certificate.write_text("no certificate")
        with pytest.raises(RpcError):
            await encrypted.rpc("tls.reload")
        async with connect_stream(server, "panel-2", tls=second) as other:
            assert (await other.register()).code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (ORIGIN, 101),
        (None, 101),
        ("https://home.example.evil.example", 403),
        ("https://evil.example/https://home.example", 403),
        ("http://home.example", 403),
        ("https://homeXexample", 403),
        ("null", 403),
        ("", 403),
    ],
)
async def test_only_chosen_origins_open_a_websocket_by_wss(
    encrypted: Kamailio, certificate: Certificate, ports: Ports, origin: str | None, status: int
) -> None:
    assert await upgrade_status(f"127.0.0.1:{ports.wss}", tls=certificate.trusted(), origin=origin) == status


async def test_no_origin_is_chosen_by_default(serve: Serve, certificate: Certificate, ports: Ports) -> None:
    await serve(
        directories.load(HOME),
        TLS_CONFIG=str(certificate.configuration),
        SIP_TLS_PORT=ports.tls,
        SIP_WSS_PORT=ports.wss,
    )
    assert await upgrade_status(f"127.0.0.1:{ports.wss}", tls=certificate.trusted(), origin=ORIGIN) == 403


async def test_the_old_and_the_new_internet_protocol_call_each_other(serve: Serve) -> None:
    kamailio = await serve(directories.load(HOME), SIP_ADDRESS_2="[::1]")
    new = f"[::1]:{kamailio.port}"
    with SipClient(kamailio.server, "door-1") as door, SipClient(new, "panel-1") as panel:
        await rings_and_is_hung_up(door, panel)
    async with connect_stream(new, "panel-1") as panel, AsyncExitStack() as stack:
        await rings_and_is_hung_up(panel, stack.enter_context(SipClient(kamailio.server, "panel-2")))
    assert kamailio.complaints() == []


class BehindNat(SipClient):
    """Says that it is at an address where nobody is."""

    def __init__(self, server: str, username: str) -> None:
        super().__init__(server, username)
        self.place = "10.99.99.99:5060"


async def test_a_device_behind_a_nat_is_rung_and_hung_up_where_it_is(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "door-1") as door, BehindNat(kamailio.server, "panel-1") as panel:
        await rings_and_is_hung_up(door, panel)
    assert kamailio.complaints() == []


async def test_a_device_behind_a_nat_is_kept_reachable(kamailio: Kamailio) -> None:
    with BehindNat(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "panel-2") as other:
        for device in (panel, other):
            assert (await device.register()).code == 200
        for _ in range(2):
            ping = await panel.next_request()
            assert ping.startswith("OPTIONS ")
            await panel.send(reply_to(ping, "200 OK"))
        assert await other.hears_nothing()
    assert kamailio.complaints() == []

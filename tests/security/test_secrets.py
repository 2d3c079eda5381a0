# SPDX-License-Identifier: Apache-2.0
"""Known secrets go through every part at its most talkative: none of them stands in a log, in an answer that has no
business with it, or in Home Assistant's diagnostics.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import shutil
import tempfile
from typing import Any

import aiohttp
import pytest
from stack.directory_commands import DirectoryCommands, add_directory
from stack.gateway import Gateway
from stack.home_assistant import HomeAssistant
from stack.kamailio import Kamailio
from stack.ports import free_port
from stack.rtpengine import RtpEngine
from stack.waiting import wait_until

from tests.kamailio import sdp
from tests.kamailio.directories import Snapshot, digests, password_of
from tests.kamailio.sip_client import SipClient, reply_to
from tests.kamailio.stream_clients import WebSocketClient
from tests.kamailio.tables import push

TURN_SECRET = "seeded-turn-secret-5d41402abc"
KAMAILIO_LEVELS = ["", "LOG_INFORMATION", "LOG_EVERYTHING"]

type Json = dict[str, Any]


class Secrets:
    """What must not be found, by what it is."""

    def __init__(self, **known: str) -> None:
        self._known = known

    def add(self, what: str, secret: str) -> None:
        assert len(secret) >= 8
        self._known[what] = secret

    def found_in(self, text: str) -> set[str]:
        """Return what stands in the text, as it is or in one of the forms that programs write."""
        return {what for what, secret in self._known.items() if any(form in text for form in _forms(secret))}


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield secret.upper()
    yield secret.encode().hex()
    yield base64.b64encode(secret.encode()).decode().rstrip("=")


@pytest.fixture
def secrets(home: Snapshot) -> Secrets:
    known = Secrets(turn_secret=TURN_SECRET)
    for account in home["accounts"]:
        username = account["username"]
        known.add(f"password of {username}", password_of(username))
        for name, digest in zip(
            ("MD5", "SHA-256"), digests(username, home["directory"]["realm"], password_of(username)), strict=True
        ):
            known.add(f"{name} of {username}", digest)
    return known


@asynccontextmanager
async def data_plane(folder: Path, level: str) -> AsyncIterator[tuple[Gateway, Kamailio, RtpEngine]]:
    """Gateway, Kamailio and RTPEngine; the first and the last say everything they can."""
    data, run = folder / "data", folder / "run"
    data.mkdir(mode=0o700)
    run.mkdir(mode=0o700)
    secret_file = run / "turn.secret"
    secret_file.touch(mode=0o600)
    secret_file.write_text(TURN_SECRET + "\n")
    async with RtpEngine(run, log_level=7) as rtpengine:
        agent = f"127.0.0.1:{free_port()}"
        settings = {"RTPENGINE": rtpengine.address, "VOICEMAIL_ADDRESS": agent, **({level: 1} if level else {})}
        kamailio = Kamailio(data, run, settings=settings)
        gateway = Gateway(
            data,
            run,
            settings={
                "log_level": "debug",
                "rtpengine_address": rtpengine.address,
                "agent_address": agent,
                "sip_address": kamailio.server,
                "sip_websocket": f"127.0.0.1:{kamailio.websocket_port}",
                "turn_urls": "turn:turn.example",
                "turn_secret_file": str(secret_file),
            },
        )
        async with gateway, kamailio:
            yield gateway, kamailio, rtpengine


@pytest.mark.parametrize("level", KAMAILIO_LEVELS)
async def test_no_secret_in_the_logs_and_answers_of_the_data_plane(
    folder: Path, home: Snapshot, secrets: Secrets, level: str
) -> None:
    async with data_plane(folder, level) as (gateway, kamailio, rtpengine):
        secrets.add("token", gateway.token)
        await push(gateway, home)
        await wait_until(lambda: is_live(gateway), what="the directory in Kamailio")
        account = home["accounts"][1]["id"]
        session = await ask(gateway, "POST", "/v1/sessions", {"account_id": account})
        secrets.add("session's password", session["password"])
        secrets.add("session's token", session["path"].partition("=")[2])
        secrets.add("TURN credential", session["turn"]["credential"])
        heard = await use(gateway, kamailio, session)
        heard += [await told_by(gateway, path) for path in READ]
        for wrong in ({"account_id": account, "seconds": TURN_SECRET}, {"account_id": gateway.token}):
            heard.append(json.dumps(await ask(gateway, "POST", "/v1/sessions", wrong)))
    logs = {part: log.read_text(errors="replace") for part, log in logs_of(gateway, kamailio, rtpengine).items()}
    assert {part: found for part, text in logs.items() if (found := secrets.found_in(text))} == {}
    assert secrets.found_in("\n".join(heard)) == set()


READ = ["/v1/status", "/v1/health", "/v1/calls", "/v1/registrations", "/v1/sessions", "/v1/messages"]


def logs_of(gateway: Gateway, kamailio: Kamailio, rtpengine: RtpEngine) -> dict[str, Path]:
    return {"gateway": gateway.log, "kamailio": kamailio.log, "rtpengine": rtpengine.log}


async def is_live(gateway: Gateway) -> bool:
    return bool((await gateway.status())["live"])


async def ask(gateway: Gateway, method: str, path: str, body: Json) -> Json:
    async with (
        aiohttp.ClientSession(headers=gateway.headers) as http,
        http.request(method, gateway.url + path, json=body) as answer,
    ):
        return dict(await answer.json())


async def told_by(gateway: Gateway, path: str) -> str:
    async with aiohttp.ClientSession(headers=gateway.headers) as http, http.get(gateway.url + path) as answer:
        return await answer.text()


async def use(gateway: Gateway, kamailio: Kamailio, session: Json) -> list[str]:
    """Right and wrong passwords, a call that RTPEngine relays, a browser's session; return what was answered."""
    with (
        SipClient(kamailio.server, "panel-1") as panel,
        SipClient(kamailio.server, "panel-1", "not the password") as wrong,
        SipClient(kamailio.server, "door-1") as door,
    ):
        heard = [(await panel.register()).text, (await wrong.register()).text]
        await door.call("401", body=sdp.PLAIN)
        invite = await panel.receive_any("INVITE ")
        await panel.send(reply_to(invite, "200 OK", f"Contact: <{panel.contact}>\r\n", sdp.PLAIN))
        heard += [invite, (await door.receive()).text]
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(f"{gateway.url}{session['path']}", protocols=("sip",)) as socket,
        ):
            browser = WebSocketClient(kamailio.server, session["username"], socket)
            browser.password, browser.account = session["password"], "panel-1"
            reply = await browser.register()
            assert reply.code == 200, reply.text
            heard.append(reply.text)
    async with aiohttp.ClientSession() as http:
        for refused in (f"{gateway.url}/v1/sip?session={session['path'][20:]}x", f"{gateway.url}/v1/status"):
            async with http.get(refused, headers={"Authorization": "Bearer x" + gateway.token}) as answer:
                heard.append(await answer.text())
    return heard


async def test_no_secret_in_home_assistants_log_and_diagnostics() -> None:
    # Not pytest's own folder: the path of a Unix socket has little room.
    folder = Path(tempfile.mkdtemp(prefix="neolia-secrets-"))
    try:
        await home_assistant_says_nothing(folder)
    finally:
        shutil.rmtree(folder)


async def home_assistant_says_nothing(folder: Path) -> None:
    home_assistant = HomeAssistant(folder / "home_assistant")
    settings = folder / "home_assistant" / "configuration.yaml"
    text = settings.read_text()
    debug = "  logs:\n    custom_components.neolia_intercom: debug\n    homeassistant.components.websocket_api: info\n"
    settings.write_text(text.replace("  default: info\n", "  default: info\n" + debug))
    async with data_plane(folder, "") as (gateway, kamailio, rtpengine):
        secrets = Secrets(token=gateway.token, turn_secret=TURN_SECRET)
        try:
            await home_assistant.start()
            await fill_directory(home_assistant, gateway, secrets)
            diagnostics = await diagnostics_of(home_assistant)
            assert '"live": true' in diagnostics, diagnostics
            assert secrets.found_in(diagnostics) == set()
        finally:
            await home_assistant.stop()
    logs = {"Home Assistant": home_assistant.log, **logs_of(gateway, kamailio, rtpengine)}
    texts = {part: log.read_text(errors="replace") for part, log in logs.items()}
    assert "neolia_intercom" in texts["Home Assistant"]
    assert {part: found for part, text in texts.items() if (found := secrets.found_in(text))} == {}


async def fill_directory(home_assistant: HomeAssistant, gateway: Gateway, secrets: Secrets) -> None:
    """As an administrator: one account with a password of his, one with a made one, a session; and some mistakes."""
    api = home_assistant.api
    entry = await add_directory(
        api, "Home", "home.example", {"gateway_url": gateway.url, "gateway_token": gateway.token}
    )
    async with await api.websocket() as socket:
        commands = DirectoryCommands(socket, entry)
        site = await commands.create("site", name="Home", time_zone="Europe/Paris", domain="127.0.0.1")
        building = await commands.create("building", site_id=site["id"], name="House", code="1")
        unit = await commands.create("unit", building_id=building["id"], number="401")
        owner = {"type": "unit", "id": unit["id"]}
        chosen = "seeded-password-of-a-panel"
        secrets.add("chosen password", chosen)
        panel = await commands.call(
            "account/create", fields={"owner": owner, "kind": "panel", "username": "panel-1"}, password=chosen
        )
        door = await commands.create("account", owner=owner, kind="door", username="door-1")
        secrets.add("made password", door["password"])
        for username, password in (("panel-1", chosen), ("door-1", door["password"])):
            for name, digest in zip(("MD5", "SHA-256"), digests(username, "home.example", password), strict=True):
                secrets.add(f"{name} of {username}", digest)
        await commands.wait_until_live()
        session = await commands.call("session/create", account_id=panel["id"])
        secrets.add("session's password", session["password"])
        secrets.add("session's token", session["path"].partition("=")[2])
        secrets.add("TURN credential", session["turn"]["credential"])
        with pytest.raises(Exception, match="account/create"):
            await commands.call(
                "account/create", fields={"owner": owner, "kind": "panel", "username": "panel-1"}, password=chosen
            )
        await asyncio.gather(*(commands.call(f"{noun}/list") for noun in ("account", "session", "registration")))


async def diagnostics_of(home_assistant: HomeAssistant) -> str:
    (entry,) = await home_assistant.api.request("GET", "/api/config/config_entries/entry?domain=neolia_intercom")
    found = await home_assistant.api.request("GET", f"/api/diagnostics/config_entry/{entry['entry_id']}")
    return json.dumps(found)

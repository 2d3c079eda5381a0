# SPDX-License-Identifier: Apache-2.0
"""Who may register and call: only who proves it, each proof once; and a refusal tells nothing about who exists."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
import re
import sqlite3

import pytest
from stack.kamailio import Kamailio, RpcError

from . import directories, outbox
from .conftest import Serve
from .sip_client import Reply, SipClient

SCENARIOS = Path(__file__).parent / "scenarios"
HOME = SCENARIOS / "registered_and_rung" / "directory.json"
WITH_DISABLED_DOOR = SCENARIOS / "disabled_account" / "directory.json"


@pytest.fixture
async def kamailio(serve: Serve) -> Kamailio:
    return await serve(directories.load(HOME))


async def contacts(kamailio: Kamailio, username: str) -> list[str]:
    try:
        record = await kamailio.rpc("ul.lookup", "location", username)
    except RpcError:
        return []
    return [contact["Contact"]["Address"] for contact in record["Contacts"]]


async def test_the_challenge_asks_for_a_proof_that_counts(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel:
        assert (await panel.challenge("REGISTER", None)).keys() >= {"realm", "nonce", "qop"}
        challenge = await panel.challenge("INVITE", "401")
    assert challenge["realm"] == "home.example"
    assert challenge["qop"] == "auth"


async def test_right_credentials_register(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel:
        assert (await panel.register()).code == 200
        assert await contacts(kamailio, "panel-1") == [f"sip:panel-1@127.0.0.1:{panel.port}"]


async def test_a_password_that_is_locked_for_a_moment_is_waited_for(kamailio: Kamailio) -> None:
    """sip.sqlite is locked when its first reader after a start opens it; a device that is refused may give up for good."""
    with SipClient(kamailio.server, "panel-1") as panel:
        with locked(kamailio.data_folder / "sip.sqlite"):
            await panel.send(await panel.proven("REGISTER", None))
            assert await panel.hears_nothing()
        assert (await panel.receive()).code == 200
    assert kamailio.complaints() == []


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("BEGIN IMMEDIATE")
        yield


async def test_a_packet_sent_twice_gets_the_same_reply_twice(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel:
        proof = panel.credentials("REGISTER", await panel.challenge("REGISTER", None))
        packet = panel.message("REGISTER", None, proof, cseq=2, to="sip:panel-1@127.0.0.1")
        first = await panel.exchange(packet)
        second = await panel.exchange(packet)
    assert first.code == 200
    assert second.text == first.text


@pytest.mark.parametrize("qop", [True, False], ids=["with qop", "without qop"])
async def test_a_captured_proof_is_worth_nothing(kamailio: Kamailio, qop: bool) -> None:
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "panel-1") as thief:
        proof = panel.credentials("REGISTER", await panel.challenge("REGISTER", None), qop=qop)
        packet = panel.message("REGISTER", None, proof, cseq=2, to="sip:panel-1@127.0.0.1")
        assert (await panel.exchange(packet)).code == 200

        replayed = thief.message("REGISTER", None, proof, cseq=3, to="sip:panel-1@127.0.0.1")
        assert (await thief.exchange(replayed)).code == 401
        assert await contacts(kamailio, "panel-1") == [f"sip:panel-1@127.0.0.1:{panel.port}"]


async def test_a_used_up_nonce_is_called_stale_so_that_no_device_gives_up(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel:
        challenge = await panel.challenge("REGISTER", None)
        for code in (200, 401):
            proof = panel.credentials("REGISTER", challenge)
            reply = await panel.exchange(panel.message("REGISTER", None, proof, cseq=code, to="sip:panel-1@127.0.0.1"))
            assert reply.code == code
        assert "stale=true" in reply.header("WWW-Authenticate")


async def test_one_nonce_serves_a_device_that_counts(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel:
        challenge = await panel.challenge("REGISTER", None)
        for count in (1, 2, 3):
            proof = panel.credentials("REGISTER", challenge, count=count)
            packet = panel.message("REGISTER", None, proof, cseq=count, to="sip:panel-1@127.0.0.1")
            assert (await panel.exchange(packet)).code == 200


def without_what_must_differ(reply: Reply) -> str:
    text = re.sub(r'nonce="[^"]*"', 'nonce=""', reply.text)
    text = re.sub(r"tag=[^\s;>]+|branch=[^\s;]+|rport=\d+|127\.0\.0\.1:\d+", "", text)
    text = re.sub(r"Call-ID: .*", "", text)
    return re.sub(r"sip:(stranger|door-1|panel-1)@", "sip:@", text)


@pytest.mark.parametrize("method", ["REGISTER", "INVITE"])
async def test_unknown_wrong_and_disabled_look_the_same(serve: Serve, method: str) -> None:
    kamailio = await serve(directories.load(WITH_DISABLED_DOOR))
    user = None if method == "REGISTER" else "401"
    answers: list[list[str]] = []
    for username, password in (("stranger", "x"), ("panel-1", "wrong"), ("door-1", "pw-door-1")):
        with SipClient(kamailio.server, username, password) as client:
            challenge = await client.challenge(method, user)
            proof = client.credentials(method, challenge)
            to = f"sip:{username}@127.0.0.1" if user is None else None
            packet = client.message(method, user, proof, cseq=2, to=to)
            refused = await client.exchange(packet)
            repeated = await client.exchange(packet)
            spoilt = client.message(method, user, proof.replace('response="', 'response="0'), cseq=3, to=to)
            malformed = await client.exchange(spoilt)
            answers.append([without_what_must_differ(reply) for reply in (refused, repeated, malformed)])
    assert refused.code == (401 if method == "REGISTER" else 407)
    assert answers[0] == answers[1] == answers[2]


async def test_nobody_registers_as_somebody_else(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "door-1") as door:
        challenge = await door.challenge("REGISTER", None)
        proof = door.credentials("REGISTER", challenge)
        packet = door.message("REGISTER", None, proof, cseq=2, to="sip:panel-1@127.0.0.1")
        assert (await door.exchange(packet)).code == 403
    assert await contacts(kamailio, "panel-1") == []


async def test_nobody_calls_as_somebody_else(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "door-1") as door:
        assert (await door.request("INVITE", "401", from_user="panel-1")).code == 403
    assert outbox.read(kamailio.data_folder) == []


async def test_no_banner(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel:
        replies = [await panel.register(), await panel.exchange(panel.message("OPTIONS", None))]
    for reply in replies:
        assert reply.code == 200
        assert "kamailio" not in reply.text.lower()
        assert not reply.header("Server") + reply.header("User-Agent") + reply.header("Warning")


async def test_without_a_directory_nobody_is_asked_for_a_password(serve: Serve) -> None:
    snapshot = directories.load(HOME)
    kamailio = await serve(snapshot)
    await kamailio.rpc("htable.delete", "sys", "realm")
    with SipClient(kamailio.server, "panel-1") as panel:
        assert (await panel.exchange(panel.message("INVITE", "401"))).code == 503

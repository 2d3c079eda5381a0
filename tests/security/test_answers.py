# SPDX-License-Identifier: Apache-2.0
"""What an answer tells: nothing about who exists, nothing about what answers."""

import re

import pytest
from stack.kamailio import Kamailio

from tests.kamailio import directories
from tests.kamailio.conftest import Serve
from tests.kamailio.dialogs import established
from tests.kamailio.sip_client import Reply, SipClient

from .conftest import SCENARIOS

# name, password of door-1 (disabled), of panel-1, of nobody
STRANGERS = [("door-1", "pw-door-1"), ("panel-1", "wrong"), ("nobody", "x")]


def unlike(text: str) -> str:
    """The answer without what differs from one to the next in any case."""
    text = re.sub(r'nonce="[^"]{40,80}"', 'nonce=""', text)
    text = re.sub(r"tag=[^\s;>]+|branch=[^\s;]+|rport=\d+|127\.0\.0\.1:\d+|Call-ID: \S+", "", text)
    return re.sub(r"sip:(door-1|panel-1|nobody)@", "sip:@", text)


@pytest.mark.parametrize("method", ["REGISTER", "INVITE"])
async def test_unknown_wrong_and_disabled_are_answered_alike_and_as_often(serve: Serve, method: str) -> None:
    """Each final answer of an INVITE is repeated until its ACK: the repetitions of the first 1.7 s count too."""
    kamailio = await serve(directories.load(SCENARIOS / "disabled_account" / "directory.json"))
    heard = [await everything_heard(kamailio, method, *stranger) for stranger in STRANGERS]
    assert heard[0] == heard[1] == heard[2]
    assert len(heard[0]) == (1 if method == "REGISTER" else 3)


async def everything_heard(kamailio: Kamailio, method: str, name: str, password: str) -> list[str]:
    with SipClient(kamailio.server, name, password) as client:
        user = None if method == "REGISTER" else "401"
        proof = client.credentials(method, await client.challenge(method, user))
        to = f"sip:{name}@127.0.0.1" if user is None else None
        await client.send(client.message(method, user, proof, cseq=2, to=to))
        heard = []
        try:
            while True:
                heard.append(unlike((await client.read(1.2)).decode()))
                if len(heard) == 3:
                    return heard
        except TimeoutError:
            return heard


# code, method, headers that lead to it
ANSWERS: list[tuple[int, str, tuple[str, ...]]] = [
    (200, "OPTIONS", ()),
    (401, "REGISTER", ()),
    (407, "INVITE", ()),
    (400, "INVITE", ("CSeq: one INVITE",)),
    (405, "MESSAGE", ()),
    (420, "OPTIONS", ("Require: everything",)),
    (420, "INVITE", ("Proxy-Require: everything",)),
    (481, "CANCEL", ()),
    (483, "INVITE", ("Max-Forwards: 0",)),
]


async def test_no_answer_names_its_author(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "x") as stranger:
        for code, method, headers in ANSWERS:
            reply = await stranger.exchange(stranger.message(method, "401", *headers))
            assert reply.code == code
            assert names_nobody(reply.text), reply.text


def names_nobody(text: str) -> bool:
    reply = Reply(text)
    return "kamailio" not in text.lower() and not any(map(reply.header, ("Server", "User-Agent", "Warning")))


async def test_no_request_names_its_author(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "door-1") as door:
        assert (await panel.register()).code == 200
        await door.call("401")
        assert names_nobody(await panel.receive_any("INVITE "))


async def test_no_bye_of_our_own_names_its_author(kamailio: Kamailio) -> None:
    with SipClient(kamailio.server, "panel-1") as panel, SipClient(kamailio.server, "door-1") as door:
        assert (await panel.register()).code == 200
        await established(door, panel)
        (call,) = await kamailio.rpc("dlg.list")
        await kamailio.rpc("dlg.end_dlg", call["h_entry"], call["h_id"])
        assert names_nobody(await panel.receive_any("BYE "))

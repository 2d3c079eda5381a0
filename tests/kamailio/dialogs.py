# SPDX-License-Identifier: Apache-2.0
"""An answered call between two clients, and the caller's requests in it."""

from dataclasses import dataclass
import re

from .sip_client import Reply, SipParty, reply_to


@dataclass
class Dialog:
    """As its caller knows it."""

    caller: SipParty
    answer: Reply
    cseq: int = 2

    def __post_init__(self) -> None:
        self._target = target_of(self.answer)

    async def reinvite_answered(self) -> Reply:
        """Return the answer to a re-INVITE, acknowledged where it says."""
        answer = await self.caller.receive()
        assert answer.code == 200, answer.text
        self._target = target_of(answer)
        await self.send("ACK")
        return answer

    async def send(self, method: str, *, body: str = "") -> None:
        """Send a request of this call the way that the answer tells."""
        if method != "ACK":
            self.cseq += 1
        message = self.caller.message(
            method,
            None,
            f"From: {self.answer.header('From')}",
            f"To: {self.answer.header('To')}",
            call_id=self.answer.header("Call-ID"),
            cseq=self.cseq,
            body=body,
        )
        first = f"{method} {self._target} SIP/2.0"
        await self.caller.send("\r\n".join((first, *self._routes(), message.partition("\r\n")[2])))

    def _routes(self) -> list[str]:
        lines = re.findall(r"^Record-Route: *(.*)\r$", self.answer.text, re.MULTILINE)
        return [f"Route: {route.strip()}" for line in reversed(lines) for route in reversed(line.split(","))]


def target_of(answer: Reply) -> str:
    return answer.header("Contact").strip("<>")


async def established(
    caller: SipParty, called: SipParty, number: str = "401", *, offer: str = "", answer: str = ""
) -> Dialog:
    """Return the call that the registered `called` has answered; its ACK has arrived."""
    await caller.call(number, body=offer)
    invite = await called.receive_any("INVITE ")
    await called.send(reply_to(invite, "200 OK", f"Contact: <{called.contact}>\r\n", answer))
    reply = await caller.receive()
    assert reply.code == 200, reply.text
    dialog = Dialog(caller, reply)
    await dialog.send("ACK")
    await called.receive_any("ACK ")
    return dialog

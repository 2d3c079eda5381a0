# SPDX-License-Identifier: Apache-2.0
"""A SIP client that may say anything: raw packets, and requests with or without right credentials."""

from abc import ABC, abstractmethod
import asyncio
from dataclasses import dataclass
import hashlib
import itertools
import re
import socket
from types import TracebackType
from typing import Self

from stack.namespaces import Namespace

from .directories import password_of


@dataclass(frozen=True)
class Reply:
    text: str

    @property
    def code(self) -> int:
        return int(self.text.split(" ", 2)[1])

    def header(self, name: str) -> str:
        """Return the header's value, "" when it is not there."""
        found = re.search(rf"^{name}: *(.*?)\r?$", self.text, re.MULTILINE | re.IGNORECASE)
        return found[1] if found else ""

    def challenge(self) -> dict[str, str]:
        return dict(re.findall(r'(\w+)="([^"]*)"', self.header("(?:WWW|Proxy)-Authenticate")))


class SipParty(ABC):
    """Talks to `server` ("host:port") as `username`, however its messages travel.

    With an `account`, `username` is that of a session, and the client speaks as the account.
    """

    transport = "UDP"
    """As a Via names it."""
    _numbers = itertools.count(1)

    def __init__(self, server: str, username: str, password: str | None = None, *, account: str | None = None) -> None:
        self.server = server
        self.username = username
        self.account = account or username
        self.password = password_of(username) if password is None else password
        self.place = "client.invalid"
        """`host:port` of Via and Contact; a name that nobody can resolve, as browsers write it, until it is known."""

    @property
    def contact(self) -> str:
        return f"sip:{self.username}@{self.place}"

    @abstractmethod
    async def send(self, message: str | bytes) -> None: ...

    @abstractmethod
    async def read(self, seconds: float) -> bytes:
        """Return the next message that comes, whole; TimeoutError when there is none."""

    def message(
        self,
        method: str,
        user: str | None,
        *headers: str,
        cseq: int = 1,
        call_id: str | None = None,
        from_user: str | None = None,
        to: str | None = None,
        to_tag: str = "",
        body: str = "",
    ) -> str:
        """Return a request to `user` (None: to the server itself); `headers` are added or replace those of the same name.

        A `body` is SDP.
        """
        number = next(self._numbers)
        unique = f"{id(self):x}-{number}"
        host = self.server
        uri = f"sip:{user}@{host}" if user is not None else f"sip:{host}"
        fields = {
            "Via": f"SIP/2.0/{self.transport} {self.place};branch=z9hG4bK{unique};rport",
            "Max-Forwards": "70",
            "From": f"<sip:{from_user or self.account}@{host}>;tag=f{number}",
            "To": f"<{to or uri}>" + (f";tag={to_tag}" if to_tag else ""),
            "Call-ID": call_id or unique,
            "CSeq": f"{cseq} {method}",
            "Contact": f"<{self.contact}>",
        }
        fields |= dict(header.split(": ", 1) for header in headers)
        if body:
            fields["Content-Type"] = "application/sdp"
        lines = [f"{method} {uri} SIP/2.0", *(f"{name}: {value}" for name, value in fields.items())]
        return "\r\n".join((*lines, f"Content-Length: {len(body)}", "", body))

    async def receive(self, seconds: float = 3.0) -> Reply:
        """Return the next final reply; TimeoutError when there is none."""
        while True:
            data = await self.read(seconds)
            reply = Reply(data.decode())
            if reply.text.startswith("SIP/2.0 ") and not reply.text.startswith("SIP/2.0 1"):
                return reply

    async def next_request(self, seconds: float = 3.0) -> str:
        """Return the next packet that is no reply."""
        while True:
            data = await self.read(seconds)
            if not data.startswith(b"SIP/2.0"):
                return data.decode()

    async def hears_nothing(self, seconds: float = 0.3) -> bool:
        try:
            await self.read(seconds)
        except TimeoutError:
            return True
        return False

    async def exchange(self, message: str | bytes) -> Reply:
        await self.send(message)
        return await self.receive()

    async def challenge(self, method: str, user: str | None, *headers: str) -> dict[str, str]:
        """Send a request without credentials and return what the server asks for."""
        asked = await self.exchange(self.message(method, user, *headers, to=self._to(method)))
        assert asked.code in (401, 407), asked.text
        return asked.challenge()

    async def request(self, method: str, user: str | None, *headers: str, from_user: str | None = None) -> Reply:
        """Send a request, answer the challenge, return the final reply."""
        return await self.exchange(await self.proven(method, user, *headers, from_user=from_user))

    async def proven(
        self,
        method: str,
        user: str | None,
        *headers: str,
        from_user: str | None = None,
        call_id: str | None = None,
        body: str = "",
    ) -> str:
        """Return a request with right credentials, for the sender to send."""
        proof = self.credentials(method, await self.challenge(method, user))
        return self.message(
            method,
            user,
            proof,
            *headers,
            cseq=2,
            from_user=from_user,
            to=self._to(method),
            call_id=call_id,
            body=body,
        )

    async def call(self, user: str, call_id: str | None = None, *, body: str = "") -> str:
        """Send an INVITE with right credentials and return it."""
        invite = await self.proven("INVITE", user, call_id=call_id, body=body)
        await self.send(invite)
        return invite

    async def receive_any(self, pattern: str, seconds: float = 3.0) -> str:
        """Return the next packet whose beginning matches; TimeoutError when there is none."""
        async with asyncio.timeout(seconds):
            while True:
                text = (await self.read(seconds)).decode()
                if re.match(pattern, text):
                    return text

    async def register(self, *headers: str) -> Reply:
        return await self.request("REGISTER", None, *headers)

    def credentials(self, method: str, challenge: dict[str, str], *, qop: bool = True, count: int = 1) -> str:
        """Return the header that answers the challenge."""
        uri = f"sip:{_host(self.server)}"
        ha1 = _md5(f"{self.username}:{challenge['realm']}:{self.password}")
        ha2 = _md5(f"{method}:{uri}")
        middle = f"{challenge['nonce']}:{count:08x}:cafe:auth" if qop else challenge["nonce"]
        value = (
            f'Digest username="{self.username}", realm="{challenge["realm"]}", uri="{uri}", '
            f'nonce="{challenge["nonce"]}", response="{_md5(f"{ha1}:{middle}:{ha2}")}", algorithm=MD5'
        )
        if qop:
            value += f', qop=auth, nc={count:08x}, cnonce="cafe"'
        return f"{'Authorization' if method == 'REGISTER' else 'Proxy-Authorization'}: {value}"

    def _to(self, method: str) -> str | None:
        return f"sip:{self.account}@{_host(self.server)}" if method == "REGISTER" else None


class SipClient(SipParty):
    """Over UDP from the server's own address, or another one of this machine, or of a `namespace`."""

    def __init__(
        self,
        server: str,
        username: str,
        password: str | None = None,
        *,
        account: str | None = None,
        address: str | None = None,
        namespace: Namespace | None = None,
    ) -> None:
        super().__init__(server, username, password, account=account)
        host = _host(server).strip("[]")
        self._address = (host, int(server.rpartition(":")[2]))
        host = address or host
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        kind = socket.SOCK_DGRAM
        self._socket = namespace.socket(kind, family) if namespace else socket.socket(family, kind)
        self._socket.setblocking(False)
        self._socket.bind((host, 0))
        self.port: int = self._socket.getsockname()[1]
        self.place = f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    async def send(self, message: str | bytes) -> None:
        data = message if isinstance(message, bytes) else message.encode()
        await asyncio.get_running_loop().sock_sendto(self._socket, data, self._address)

    async def read(self, seconds: float) -> bytes:
        return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(self._socket, 65535), seconds)


def cancel_of(invite: str) -> str:
    """Return the CANCEL of an INVITE that was sent."""
    kept = re.findall(r"^(?:Via|From|To|Call-ID|Max-Forwards): .*\r\n", invite, re.MULTILINE)
    first = invite.partition("\r\n")[0].replace("INVITE", "CANCEL", 1)
    number = int(field(invite, "CSeq").split()[0])
    return f"{first}\r\n{''.join(kept)}CSeq: {number} CANCEL\r\nContent-Length: 0\r\n\r\n"


def ack_of(invite: str, refusal: str) -> str:
    """Return the ACK of the final reply that refused an INVITE."""
    return (
        cancel_of(invite).replace("CANCEL", "ACK").replace(f"To: {field(invite, 'To')}", f"To: {field(refusal, 'To')}")
    )


def reply_to(request: str, status: str, headers: str = "", body: str = "") -> str:
    """Return a device's reply to a request that came; a `body` is SDP."""
    kept = re.findall(r"^(?:Via|Record-Route|From|To|Call-ID|CSeq): .*\r\n", request, re.MULTILINE)
    text = "".join(kept)
    if not re.search(r"^To: .*;tag=", text, re.MULTILINE):
        text = re.sub(r"^(To: .*)\r\n", r"\1;tag=device\r\n", text, flags=re.MULTILINE)
    if body:
        headers += "Content-Type: application/sdp\r\n"
    return f"SIP/2.0 {status}\r\n{text}{headers}Content-Length: {len(body)}\r\n\r\n{body}"


def field(text: str, name: str) -> str:
    """Return a header of a message that must have it."""
    found = re.search(rf"^{name}: (.*)\r$", text, re.MULTILINE)
    assert found, text
    return found[1]


def body_of(message: str) -> str:
    """Return what follows the headers."""
    return message.partition("\r\n\r\n")[2]


def _host(server: str) -> str:
    return server.rpartition(":")[0]


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

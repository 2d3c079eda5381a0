# SPDX-License-Identifier: Apache-2.0
"""A real Kamailio with our configuration: the system's (5.6), or the one in a root folder of its own (6.0)."""

import asyncio
from collections.abc import Mapping
from contextlib import closing
import itertools
import json
import os
from pathlib import Path
import re
import socket
import sqlite3
from typing import Any, Self

from .namespaces import Namespace, command_in, open_connection
from .paths import CHECKOUT
from .ports import free_port
from .processes import Process
from .waiting import wait_until

CONFIGURATION = CHECKOUT / "addon" / "kamailio"

_COMPLAINT = re.compile(r"(?:WARNING|ERROR|BUG|CRITICAL|ALERT): ")
_TLS_ALWAYS = ("openssl bug #1491", "maximum pthreads key")

# Own mounts, shared network: the folders that both sides need appear in the root at their own paths.
_ENTER_ROOT = """
root=$1 folders=$2 user=$3; shift 3
mount -t tmpfs none "$root/tmp" || exit
for folder in $folders; do (umask 022; mkdir -p "$root$folder") && mount --bind "$folder" "$root$folder" || exit; done
mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && exec chroot --userspec="$user" "$root" "$@"
"""


class RpcError(RuntimeError):
    """Kamailio refused a command; the message is its own."""


def enter_root(root: Path | None, folders: list[Path], command: list[str], user: int = 0) -> list[str]:
    """Return the command as `user` runs it in `root`, with these folders at their own paths; itself without a root."""
    if root is None:
        return command
    shared = " ".join(sorted({str(folder) for folder in folders}))
    return [
        *("unshare", "--mount", "--propagation", "private", "sh", "-c", _ENTER_ROOT, "sh"),
        *(str(root), shared, f"{user}:{user}", *command),
    ]


def memory_options(accounts: int) -> list[str]:
    """Return shared and private memory for so many accounts (addon/kamailio/README.md, Memory)."""
    return ["-x", "fm", "-m", str(128 + accounts // 160), "-M", str(64 + accounts // 200)]


def count_accounts(data_folder: Path) -> int:
    """Return how many accounts sip.sqlite holds, 0 before the gateway has made it."""
    try:
        with closing(sqlite3.connect(f"file:{data_folder}/sip.sqlite?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM subscriber").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


class Kamailio:
    """One Kamailio, by default on the loopback. The gateway must have made the files in `data_folder` before `start`."""

    def __init__(
        self,
        data_folder: Path,
        run_folder: Path,
        *,
        root: Path | None = None,
        port: int | None = None,
        settings: dict[str, str | int] | None = None,
        configuration: Path = CONFIGURATION / "kamailio.cfg",
        accounts: int | None = None,
        address: str = "127.0.0.1",
        namespace: Namespace | None = None,
        user: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`root` (default: $NEOLIA_KAMAILIO_ROOT) is the tree of the other version; `settings` are those of settings.cfg.

        Memory is made for so many `accounts`, by default for those that are in `data_folder` at the start. It runs as `user`, who
        owns both folders, or as we do.
        """
        self.data_folder = data_folder
        self.run_folder = run_folder
        self.address = address
        self.port = port or free_port()
        self.websocket_port = free_port()
        self.log = run_folder / "kamailio.log"
        self._root = root or root_of_environment()
        self._settings = {
            "DATA_FOLDER": str(data_folder),
            "RUN_FOLDER": str(run_folder),
            "SIP_ADDRESS": self.address,
            "SIP_PORT": self.port,
            "SIP_TCP_PORT": free_port(),
            "WS_PORT": self.websocket_port,
            **(settings or {}),
        }
        self._configuration = configuration
        self._accounts = accounts
        self._namespace = namespace
        self._user = user
        self._environment = environment
        self._process: Process | None = None
        self._rpc_numbers = itertools.count()

    @property
    def server(self) -> str:
        """`host:port`, as devices are configured."""
        return f"{self.address}:{self.port}"

    @property
    def control_socket(self) -> Path:
        return self.run_folder / "kamailio.sock"

    @property
    def process(self) -> Process:
        if self._process is None:
            raise RuntimeError("Kamailio is not started")
        return self._process

    async def start(self) -> Self:
        """Return when it answers, both on its control socket and by SIP."""
        self.control_socket.unlink(missing_ok=True)
        # Entering a root takes a right that is given up there.
        user = None if self._root else self._user
        self._process = await Process.start(
            "kamailio", *self._command(), log=self.log, environment=self._environment, user=user, umask=0o077
        )
        await wait_until(self._answers, seconds=20, what=f"Kamailio's start ({self.log})")
        return self

    async def stop(self) -> None:
        """End it in order; that may take as long as core.cfg's exit_timeout."""
        if self._process is not None:
            await self._process.stop(seconds=35)

    async def kill(self) -> None:
        """End it as a crash would."""
        await self.process.kill()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def rpc(self, method: str, *params: str | int, seconds: float = 5.0) -> Any:
        """Ask over the control socket; RpcError when Kamailio refuses, TimeoutError when it is silent."""
        own = self.run_folder / f"rpc-{os.getpid()}-{next(self._rpc_numbers)}"
        request = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
            client.setblocking(False)
            client.bind(str(own))
            if self._user is not None:
                os.chown(own, self._user, self._user)
            try:
                client.connect(str(self.control_socket))
                loop = asyncio.get_running_loop()
                await loop.sock_sendall(client, json.dumps(request).encode())
                reply = json.loads(await asyncio.wait_for(loop.sock_recv(client, 1 << 17), seconds))
            finally:
                own.unlink()
        if "error" in reply:
            raise RpcError(f"{method}: {reply['error']['message']}")
        return reply["result"]

    def complaints(self) -> list[str]:
        """Return the warnings and errors in its log since the first start, without what the tls module always says."""
        lines = self.log.read_text().splitlines()
        return [line for line in lines if _COMPLAINT.search(line) and not any(text in line for text in _TLS_ALWAYS)]

    async def version(self) -> str:
        """Return the whole version, as `5.6.3`."""
        return str(await self.rpc("core.version")).split()[1]

    def _command(self) -> list[str]:
        accounts = count_accounts(self.data_folder) if self._accounts is None else self._accounts
        command = ["kamailio", "-DD", "-E", *memory_options(accounts), "-f", str(self._configuration)]
        for name, value in self._settings.items():
            command += ["-A", f"{name}={value}"]
        folders = [CONFIGURATION, self.data_folder, self.run_folder]
        command = enter_root(self._root, folders, command, self._user or 0)
        return command_in(self._namespace, command)

    async def _answers(self) -> bool:
        self.process.check()
        try:
            await self.rpc("core.version", seconds=0.5)
            # TCP comes up last; a stop before that is not noticed by all processes.
            return await _options_answered(self._namespace, self.address, self.port)
        except OSError, TimeoutError:
            return False


def root_of_environment() -> Path | None:
    """Return the tree of the other version, None for this system's own."""
    root = os.environ.get("NEOLIA_KAMAILIO_ROOT")
    return Path(root) if root else None


async def _options_answered(namespace: Namespace | None, address: str, port: int) -> bool:
    async with asyncio.timeout(0.5):
        reader, writer = await open_connection(namespace, address, port)
        try:
            writer.write(_options(*writer.get_extra_info("sockname")))
            return (await reader.readline()).startswith(b"SIP/2.0 200 ")
        finally:
            writer.close()


def _options(address: str, port: int) -> bytes:
    lines = (
        f"OPTIONS sip:{address} SIP/2.0",
        f"Via: SIP/2.0/TCP {address}:{port};branch=z9hG4bK{port}",
        f"From: <sip:start@{address}>;tag={port}",
        f"To: <sip:{address}>",
        f"Call-ID: start-{port}",
        "CSeq: 1 OPTIONS",
        "Max-Forwards: 5",
        "Content-Length: 0",
    )
    return "\r\n".join((*lines, "", "")).encode()

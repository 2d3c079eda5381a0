# SPDX-License-Identifier: Apache-2.0
"""Every figure that the project promises, with its goal. A group measures its figures together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from . import call_path, core_memory, directory, latency, load, losses, security, snapshot, web_sockets
from .measured import Measured
from .scale import Scale


@dataclass(frozen=True)
class Figure:
    """`goal` is an upper limit, or a lower one where `at_least`; a figure without a unit is a ratio and says to what."""

    name: str
    text: str
    goal: float
    unit: str = ""
    ratio_to: str = ""
    at_least: bool = False

    def reached(self, value: float) -> bool:
        return value >= self.goal if self.at_least else value <= self.goal


@dataclass(frozen=True)
class Group:
    measure: Callable[[Scale, Path], Awaitable[dict[str, Measured]]]
    figures: tuple[Figure, ...]


LARGE = "10,000 units, 40,000 accounts, 20,000 rules"
HOME_CHANGE = "a change in a home's directory"
RULE = "what the rule gives it (addon/kamailio/README.md)"
PLAIN = "the same Kamailio with authentication only"

DIRECTORY = (
    Figure("open", f"Open a directory of {LARGE}", 1.0, "s"),
    Figure("change", "One change in that directory, on disk (`synchronous=FULL`), median", 5.0, "ms"),
    Figure("change-growth", "The same, against a small directory", 1.5, ratio_to=HOME_CHANGE),
    Figure("simulate", "`simulate` with 100,000 rules in the directory, 99th percentile", 50.0, "µs"),
)
CORE_MEMORY = (
    Figure("core-memory-home", "Memory of the core in Home Assistant's process, a home", 10.0, "MB"),
    Figure("core-memory-large", f"The same, {LARGE}", 150.0, "MB"),
)
SNAPSHOT = (
    Figure("snapshot-whole", f"{LARGE}: from the directory to Kamailio's tables, read back", 2.0, "s"),
    Figure("snapshot-change", "One change of it: from the directory to Kamailio, read back, median", 50.0, "ms"),
    Figure("gateway-memory-home", "Memory of the gateway, a home", 20.0, "MB"),
    Figure("gateway-memory-large", f"The same, {LARGE}", 150.0, "MB"),
    Figure("shared-memory", "Kamailio's shared memory in use at that size", 1.0, ratio_to=RULE),
)
LATENCY = (
    Figure("event-median", "The door's INVITE → event on Home Assistant's bus, median", 15.0, "ms"),
    Figure("event-p99", "The same, 99th percentile", 50.0, "ms"),
    Figure("message-ready", "The visitor hangs up → his message is announced on that bus, median", 2000.0, "ms"),
    Figure("change-live", "Change in Home Assistant → read back live, 95th percentile", 200.0, "ms"),
)
CALL_PATH = (
    Figure("late-register", "A panel's REGISTER while its unit rings → INVITE at the panel", 50.0, "ms"),
    Figure("invite-180", "The door's INVITE → 180 of a panel that is registered", 50.0, "ms"),
    Figure("media-start", "A panel's 200 → first RTP at both ends, through RTPEngine", 100.0, "ms"),
    Figure(
        "event-delivery", "Kamailio's decision → the event in a WebSocket client of the gateway, median", 15.0, "ms"
    ),
)
WEB_SOCKETS = (
    Figure("wss-memory", "Kamailio's memory for a WebSocket over TLS", 160.0, "KiB"),
    Figure("proxy-memory", "The gateway's memory for a WebSocket over TLS that it passes on", 128.0, "KiB"),
)
LOAD = (
    Figure("calls", "Calls per second with our rules and events", 0.9, ratio_to=PLAIN, at_least=True),
    Figure("registers", "REGISTER per second, the same way", 0.95, ratio_to=PLAIN, at_least=True),
)
SECURITY = (
    Figure("defences", "REGISTER per second with all defences", 0.95, ratio_to=PLAIN, at_least=True),
    Figure(
        "flood",
        "The door's INVITE → 180 during 1,000 INVITE per second from one address, 95th percentile",
        1.5,
        ratio_to="the same without the flood",
    ),
    Figure("storm", "2,500 devices that register at once from one address: the last one is back", 60.0, "s"),
    Figure("revocation", "A session is revoked → its call ended, its contact gone, its credentials refused", 1.0, "s"),
)
LOSSES = (
    Figure("events-lost", "Events lost, told twice or out of order, over all kills", 0),
    Figure("writes-lost", "Acknowledged writes lost, and files damaged, over all kills", 0),
)

GROUPS = {
    "directory": Group(directory.measure, DIRECTORY),
    "core-memory": Group(core_memory.measure, CORE_MEMORY),
    "snapshot": Group(snapshot.measure, SNAPSHOT),
    "latency": Group(latency.measure, LATENCY),
    "call-path": Group(call_path.measure, CALL_PATH),
    "web-sockets": Group(web_sockets.measure, WEB_SOCKETS),
    "load": Group(load.measure, LOAD),
    "security": Group(security.measure, SECURITY),
    "losses": Group(losses.measure, LOSSES),
}

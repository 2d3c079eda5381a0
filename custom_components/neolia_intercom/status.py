# SPDX-License-Identifier: Apache-2.0
"""Directory and gateway as they are now, for the status command and diagnostics."""

from dataclasses import asdict
from typing import Any

from .gateway import Gateway
from .runtime import Runtime


async def status_of(runtime: Runtime) -> dict[str, Any]:
    """As in docs/architecture.md §7, `status`."""
    info = await runtime.directory.read(lambda core: core.info())
    return {
        "directory": info,
        "gateway": gateway_status(runtime.gateway) if runtime.gateway else None,
    }


def gateway_status(gateway: Gateway) -> dict[str, Any]:
    """What the publisher and the event stream know."""
    return {
        **asdict(gateway.publisher.state),
        "live": gateway.publisher.live,
        "events_connected": gateway.events.connected,
    }

# SPDX-License-Identifier: Apache-2.0
"""What a person typed about a gateway, tried out before it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .const import CONF_GATEWAY_TOKEN, CONF_GATEWAY_URL
from .gateway_client import (
    GatewayClient,
    GatewayError,
    GatewayUnauthorizedError,
    HeldDirectory,
    check_token,
    check_url,
)


@dataclass(frozen=True, slots=True)
class GatewayCheck:
    """Either `errors` by form field, or what to keep: nothing when no gateway was given."""

    data: dict[str, str] = field(default_factory=dict)
    held: HeldDirectory | None = None
    errors: dict[str, str] = field(default_factory=dict)
    details: str = ""


async def check_gateway(hass: HomeAssistant, typed: Mapping[str, str]) -> GatewayCheck:
    """Check the form, then ask the gateway who it is."""
    url, token = typed.get(CONF_GATEWAY_URL, "").strip(), typed.get(CONF_GATEWAY_TOKEN, "").strip()
    if not url and not token:
        return GatewayCheck()
    if errors := _form_errors(url, token):
        return GatewayCheck(errors=errors)
    try:
        status = await GatewayClient(async_get_clientsession(hass), url, token).status()
    except GatewayError as error:
        place = CONF_GATEWAY_TOKEN if isinstance(error, GatewayUnauthorizedError) else CONF_GATEWAY_URL
        return GatewayCheck(errors={place: error.code}, details=str(error))
    return GatewayCheck({CONF_GATEWAY_URL: url, CONF_GATEWAY_TOKEN: token}, status.directory)


def _form_errors(url: str, token: str) -> dict[str, str]:
    errors = {}
    for name, text, check in (
        (CONF_GATEWAY_URL, url, check_url),
        (CONF_GATEWAY_TOKEN, token, check_token),
    ):
        try:
            check(text)
        except ValueError:
            errors[name] = f"invalid_{name}" if text else f"missing_{name}"
    return errors
